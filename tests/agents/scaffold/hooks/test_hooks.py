from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.sandbox import Confinement
from agents.scaffold import Scaffold, ScaffoldError, load_scaffold
from agents.scaffold.hooks import Hooks
from memory_fs import MemoryAction, MemoryStore
from tests.agents.scaffold.conftest import MANIFEST, VARIABLES, Problems, Write

Load = Callable[[str], Scaffold]


@pytest.fixture
def load(write: Write, trusted: bool) -> Load:
    """Loads a scaffold with hooks."""
    return lambda hooks: load_scaffold(write({"hooks.py": hooks}), trust_hooks=trusted)


CONTEXT = {**VARIABLES, "game": "Vault"}
COMMAND = {"op": "APPEND", "file": "map.md", "key": "", "text": "x"}


def test_without_hooks_nothing_is_added_or_turned_down() -> None:
    for hooks in (Hooks(), load_scaffold("v0").hooks):
        assert hooks.defined == ()
        assert hooks.notices(CONTEXT) == []
        assert hooks.check_action("west", CONTEXT) is None
        assert hooks.check_command(COMMAND, CONTEXT) is None
        assert hooks.operations == ()


def test_what_hooks_can_do(load: Load) -> None:
    hooks = load("""
def notices(context):
    return [f"step {context['game_step']} of {context['game']}"]

def check_action(action, context):
    if action == context["last_action"]:
        return "not again"

def check_command(command, context):
    return "too short" if len(command["text"]) < 2 else None
""").hooks
    assert hooks.notices(CONTEXT) == ["step 3 of Vault"]
    assert hooks.check_action("west", CONTEXT) == "not again"
    assert hooks.check_action("east", CONTEXT) is None
    assert hooks.check_command(COMMAND, CONTEXT) == "too short"
    assert hooks.check_command({**COMMAND, "text": "long"}, CONTEXT) is None


def test_code_that_nobody_trusts_has_no_rights(write: Write, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    root = write({"hooks.py": f"open({str(mark)!r}, 'w')\ndef notices(context): return []\n"})
    with pytest.raises(ScaffoldError, match=r"hooks.py:1: .*(is code that comes with|Error: )"):
        load_scaffold(root)
    assert not mark.exists()
    load_scaffold(root, trust_hooks=True)
    assert mark.exists()


def test_code_that_cannot_be_confined_is_not_run(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Confinement((), {"landlock": "not on this machine"})
    monkeypatch.setattr("agents.sandbox.sandbox.confinement", lambda: nothing)
    root = write({"hooks.py": "def notices(context): return []\n"})
    with pytest.raises(ScaffoldError) as raised:
        load_scaffold(root)
    assert str(raised.value) == (
        f"{root}/hooks.py:1: is code that comes with this scaffold, and cannot be confined: this "
        "machine cannot keep it from files and the network and other processes (landlock: not on "
        "this machine); if you trust it, run it with all your rights: trust_hooks=True "
        "(--trust-hooks on the command line)"
    )
    assert load_scaffold(root, trust_hooks=True).hooks.defined == ("notices",)


def test_an_empty_file_is_no_code(write: Write) -> None:
    assert load_scaffold(write({"hooks.py": "\n"})).hooks.defined == ()


def test_other_problems_are_told_though_the_code_cannot_be_run(problems: Problems) -> None:
    own = f'{MANIFEST}vocabulary = ["READ", "MARK"]\n'
    code = f"{OWN}\n1 / 0\n"
    found = problems({"hooks.py": code, "scaffold.toml": own, "prompts/log.j2": "{{ x }}"})
    assert "hooks.py:" in found[0]
    assert any("has no variable 'x'" in problem for problem in found)
    # The code might define it.
    assert not any("'MARK' is no memory operation" in problem for problem in found)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def notices(context)\n", "hooks.py:1: is no valid Python: expected ':'"),
        ("\nreturn 3\n", "hooks.py:2: is no valid Python: 'return' outside function"),
        ("-" * 60_000 + "1", "hooks.py:1: is no valid Python"),
        ("(" * 30_000, "hooks.py:1: is no valid Python"),
        ("x = '\0'", "hooks.py:1: is no valid Python: source code string cannot contain null"),
        ("def notice(context): return []", "hooks.py:1: notice is no hook; write notices, or _not"),
        ("def check_actions(a, c): pass", "hooks.py:1: check_actions is no hook; write check_acti"),
        ("def helper(): pass", "hooks.py:1: defines no hook; there are notices, check_action,"),
        ("async def notices(context): pass", "hooks.py:1: notices is a plain function"),
        ("def notices(): return []", "hooks.py: notices must be a function of 1 arguments"),
        ("notices = 3", "hooks.py: notices must be a function of 1 arguments"),
        (
            "\n1 / 0",
            "hooks.py:2: the hooks failed in its code: ZeroDivisionError: division by zero",
        ),
        ("import no_such_module", "hooks.py:1: the hooks failed in its code: ModuleNotFoundError"),
        ("import sys\nsys.exit(3)", "hooks.py:2: the hooks failed in its code: SystemExit: 3"),
        ("OPERATIONS = 3", "OPERATIONS is a table by name, not 3"),
        ("OPERATIONS = {'X': {}}", "OPERATIONS needs run_operation(name, key, text, content)"),
        ("OPERATIONS = {'X': object()}", "which is no plain JSON"),
    ],
)
def test_hooks_that_cannot_be_had(
    source: str, expected: str, problems: Problems, trusted: bool
) -> None:
    found = problems({"hooks.py": source}, trust_hooks=trusted)
    assert any(expected in problem for problem in found), found


@pytest.mark.parametrize(
    "entry",
    [
        "3",
        "{'fields': ['file'], 'summary': 'x'}",
        "{'fields': 'file', 'summary': 'x', 'mutates': False}",
        "{'fields': ['line'], 'summary': 'x', 'mutates': False}",
        "{'fields': ['file'], 'summary': 'x', 'mutates': 1}",
        "{'fields': ['file'], 'summary': 'x', 'mutates': False, 'run': 3}",
    ],
)
def test_operations_that_are_none(entry: str, problems: Problems, trusted: bool) -> None:
    source = f"OPERATIONS = {{'MARK': {entry}}}\ndef run_operation(*all): pass\n"
    assert problems({"hooks.py": source}, trust_hooks=trusted)


@pytest.mark.parametrize("name", ["mark", "END", "ACTION", "APPEND", "A B", ""])
def test_operations_with_impossible_names(name: str, problems: Problems, trusted: bool) -> None:
    source = (
        f"OPERATIONS = {{{name!r}: {{'fields': ['file'], 'summary': 'x', 'mutates': False}}}}\n"
        "def run_operation(*all): pass\n"
    )
    (problem,) = problems({"hooks.py": source}, trust_hooks=trusted)
    assert "OPERATIONS" in problem


def test_a_hook_that_fails_is_a_rejection_that_says_so(load: Load) -> None:
    hooks = load("""
def notices(context):
    return [context["nothing"]]
def check_action(action, context):
    raise ValueError("no idea")
def check_command(command, context):
    raise SystemExit(1)
""").hooks
    (notice,) = hooks.notices(CONTEXT)
    assert notice.endswith("hooks.py:3: the hooks failed in notices: KeyError: 'nothing'")
    assert "hooks.py:5: the hooks failed in check_action: ValueError: no idea" in str(
        hooks.check_action("west", CONTEXT)
    )
    assert "failed in check_command: SystemExit" in str(hooks.check_command(COMMAND, CONTEXT))


@pytest.mark.parametrize(
    "returned",
    ["3", "''", "'  '", "True", "['x']", "{}", "'x' * 5000", "object()", "{1, 2}", "b'x'"],
)
def test_a_check_that_returns_nonsense_is_a_rejection(returned: str, load: Load) -> None:
    hooks = load(f"def check_action(action, context): return {returned}\n").hooks
    reason = hooks.check_action("west", CONTEXT)
    assert reason is not None
    assert "hook" in reason


@pytest.mark.parametrize("returned", ["None", "'x'", "[3]", "['x' * 5000]", "{'a': 'b'}", "3"])
def test_notices_that_are_none_are_a_notice(returned: str, load: Load) -> None:
    hooks = load(f"def notices(context): return {returned}\n").hooks
    (notice,) = hooks.notices(CONTEXT)
    assert "notices returned" in notice
    assert "it may return a list of texts" in notice


def test_a_hook_cannot_change_what_the_agent_has(load: Load) -> None:
    hooks = load("""
def check_action(action, context):
    context["actions"].append("x")
    context["surroundings"][0]["name"] = "x"
    context.clear()
    return None
def check_command(command, context):
    command["text"] = "x"
""").hooks
    context: dict[str, Any] = {
        **CONTEXT,
        "actions": ["west"],
        "surroundings": [{"name": "door"}],
    }
    command = dict(COMMAND)
    assert hooks.check_action("west", context) is None
    assert hooks.check_command(command, context) is None
    assert context["actions"] == ["west"]
    assert context["surroundings"] == [{"name": "door"}]
    assert command == COMMAND


OWN = """
OPERATIONS = {
    "MARK": {"fields": ["file", "key", "text"], "summary": "mark a line", "mutates": True},
    "SUM": {"fields": ["file"], "summary": "add up numbers", "mutates": False},
    "HELLO": {"fields": [], "summary": "greet", "mutates": False},
}
def run_operation(name, key, text, content):
    if name == "HELLO":
        return {"result": "hello"}
    if name == "SUM":
        if content is None:
            return {"result": "no such file"}
        return {"result": str(sum(map(int, content.split())))}
    if key == "fail":
        raise KeyError(text)
    if key == "nothing":
        return {}
    return {"result": f"marked {key}", "content": (content or "") + f"{key}: {text}"}
"""
TOML = f"""{MANIFEST}vocabulary = ["READ", "WRITE", "MARK", "SUM", "HELLO"]
[routines.log]
operations = ["WRITE", "MARK", "SUM", "HELLO"]
[routines.plan]
operations = ["READ", "SUM"]
"""


def test_operations_of_its_own(write: Write, trusted: bool) -> None:
    root = write({"scaffold.toml": TOML, "hooks.py": OWN})
    scaffold = load_scaffold(root, trust_hooks=trusted)
    store = MemoryStore(scaffold.memory_config())
    do = lambda *fields, **more: store.execute(MemoryAction(*fields, **more))  # noqa: E731
    assert str(do("MARK", "new.md", "left", key="door")) == "MARK new.md door: marked door"
    assert str(do("MARK", "new.md", "right", key="wall")) == "MARK new.md wall: marked wall"
    assert store.read("new.md") == "door: left\nwall: right\n"
    assert str(do("HELLO")) == "HELLO: hello"
    assert do("SUM", "none.md").text == "no such file"
    do("WRITE", "n.md", "3 4")
    assert do("SUM", "n.md").text == "7"
    failed = do("MARK", "new.md", "x", key="fail")
    assert not failed.ok
    assert "hooks.py:15: the hooks failed in run_operation: KeyError: 'x'" in failed.text
    assert "run_operation returned {}" in do("MARK", "new.md", "x", key="nothing").text
    assert not do("MARK", "../out.md", "x", key="k").ok
    assert store.read("new.md") == "door: left\nwall: right\n"
    store.close()


def test_operations_of_its_own_are_offered_to_models(write: Write, trusted: bool) -> None:
    scaffold = load_scaffold(write({"scaffold.toml": TOML, "hooks.py": OWN}), trust_hooks=trusted)
    facts = {"game": "", "instructions": "", "actions": (), "default_action": "", "vocabulary": ()}
    system = scaffold.system("log", facts)
    assert "<|MARK|>file|key|text<|END|>  mark a line" in system
    assert "<|HELLO|>  greet" in system


def test_an_operation_that_changes_files_is_not_for_plan(problems: Problems, trusted: bool) -> None:
    toml = TOML.replace('["READ", "SUM"]', '["READ", "MARK"]')
    (problem,) = problems({"scaffold.toml": toml, "hooks.py": OWN}, trust_hooks=trusted)
    assert problem == (
        "scaffold.toml:8: MARK changes the memory, and plan only reads; it may have READ, SUM, "
        "HELLO"
    )


def test_an_operation_that_only_reads_cannot_write(write: Write, trusted: bool) -> None:
    sly = OWN.replace('{"result": "hello"}', '{"result": "hello", "content": "x"}').replace(
        "return {'result': str", "return {'content': 'x', 'result': str"
    )
    scaffold = load_scaffold(write({"scaffold.toml": TOML, "hooks.py": sly}), trust_hooks=trusted)
    store = MemoryStore(scaffold.memory_config())
    result = store.execute(MemoryAction("HELLO"))
    assert not result.ok
    assert "the hook of HELLO returned a new content, and may change none" in result.text
    store.close()
