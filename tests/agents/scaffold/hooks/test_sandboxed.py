"""Hooks that nobody trusts, as a scaffold brings them."""

import builtins
import json
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import agents.scaffold.hooks.runner
from agents.sandbox import ConfinementError, confinement
from agents.scaffold import Scaffold, ScaffoldError, ScaffoldHookError, load_scaffold
from agents.scaffold.hooks.sandboxed import SandboxedHooks
from tests.agents.scaffold.conftest import VARIABLES, Write

Load = Callable[[str], Scaffold]
CONTEXT = {**VARIABLES, "game": "Vault"}


@pytest.fixture
def load(write: Write) -> Load:
    """Loads a scaffold with hooks that nobody trusts."""
    if confinement().open:
        pytest.skip(f"code cannot be confined here: {confinement().reasons}")
    return lambda hooks: load_scaffold(write({"hooks.py": hooks}))


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "secret"
    path.write_text("the key")
    yield path
    assert path.read_text() == "the key"


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        ("return open(action).read()", "hooks.py:4: the hooks failed in check_action: "),
        ("os.listdir(os.path.dirname(action))", "Error"),
        ("open(action, 'w')", "Error"),
        ("open(action + '.new', 'w').write('x' * 10**9)", "Error"),
        ("socket.create_connection(('127.0.0.1', 80))", "PermissionError"),
        ("while True: os.fork()", "PermissionError"),
        ("[].append(bytearray(10**11))", "MemoryError"),
        ("os.kill(os.getppid(), 0)", "PermissionError"),
        ("os.execv('/bin/sh', ['sh'])", "PermissionError"),
        ("import memory_fs", "ModuleNotFoundError"),
        ("import automem_gym", "ModuleNotFoundError"),
        ("import agents.scaffold", "ModuleNotFoundError"),
        ("import benchmarks.episode_result", "ModuleNotFoundError"),
        ("os._exit(0)", "hooks.py:3: the hooks failed in check_action: its process ended without"),
        ("os.abort()", "its process was killed"),
        ("return 'x' * 10**7", "it returned more than 4,000,000 bytes"),
        ("return eval('[' * 60 + ']' * 60)", "its answer is no plain JSON"),
        ("return float('nan')", "which is no plain JSON"),
    ],
)
def test_an_attack_is_a_rejection_with_its_reason(
    load: Load, secret: Path, attack: str, expected: str
) -> None:
    hooks = load(
        "import os, socket\n\ndef check_action(action, context):\n"
        f"    {attack}\ndef check_command(command, context): return 'still here'\n"
    ).hooks
    reason = hooks.check_action(str(secret), CONTEXT)
    assert reason is not None
    assert expected in reason
    assert "the key" not in reason
    assert hooks.check_command({}, CONTEXT) == "still here"
    assert {*secret.parent.iterdir()} == {secret.parent / "mine", secret}


@pytest.mark.parametrize("attack", ["while True: pass", "x = 10**10**8"])
def test_a_hook_that_hangs_is_a_rejection(load: Load, attack: str) -> None:
    hooks = load(f"def check_action(action, context):\n    {attack}\n").hooks
    reason = str(hooks.check_action("west", CONTEXT))
    assert "hooks.py:1: the hooks failed in check_action: it computed for longer than 2 s" in reason


def test_the_limit_of_time_holds_below_a_process_that_ignores_its_signal(load: Load) -> None:
    before = signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    try:
        hooks = load("def check_action(action, context):\n    while True: pass\n").hooks
        reason = str(hooks.check_action("west", CONTEXT))
    finally:
        signal.signal(signal.SIGXCPU, before)
    assert "it computed for longer than 2 s" in reason


def test_code_that_hangs_while_it_is_loaded_is_a_problem(load: Load) -> None:
    with pytest.raises(ScaffoldError, match=r"hooks.py:1: the hooks failed in its code: it comput"):
        load("def notices(context): return []\nwhile True: pass\n")


def test_printing_gigabytes_prints_nothing(load: Load, capfd: pytest.CaptureFixture[str]) -> None:
    source = (
        "def notices(context):\n    for _ in range(1100): print('x' * 10**6)\n    return ['x']\n"
    )
    assert load(source).hooks.notices(CONTEXT) == ["x"]
    assert capfd.readouterr() == ("", "")


def test_what_it_patches_is_its_own(load: Load) -> None:
    kept = json.dumps, builtins.isinstance, agents.scaffold.hooks.runner.check_returned
    hooks = load("""
import builtins, json, sys
def notices(context):
    builtins.isinstance = json.dumps = json.loads = lambda *all, **more: True
    for name, module in list(sys.modules.items()):
        if name.startswith("agents"):
            vars(module).clear()
    return 3
""").hooks
    (notice,) = hooks.notices(CONTEXT)
    assert "notices" in notice
    assert kept == (json.dumps, builtins.isinstance, agents.scaffold.hooks.runner.check_returned)


def test_a_hook_keeps_nothing_from_one_call_to_the_next(load: Load) -> None:
    hooks = load("""
history = []
def notices(context):
    history.append(context["observation"])
    return [str(len(history))]
""").hooks
    assert [hooks.notices(CONTEXT) for _ in range(3)] == [["1"]] * 3


def test_after_five_deaths_it_is_called_no_more_in_this_episode(load: Load) -> None:
    hooks = load("import os\ndef check_action(action, context): os._exit(1)\n").hooks
    for _ in range(5):
        assert "ended without an answer" in str(hooks.check_action("west", CONTEXT))
    assert "stopped 5 times, and is called no more" in str(hooks.check_action("west", CONTEXT))
    hooks.begin_episode()
    assert "ended without an answer" in str(hooks.check_action("west", CONTEXT))


def test_what_models_write_reaches_it(load: Load) -> None:
    hooks = load("def check_action(action, context): return action + context['status']\n").hooks
    text = "\ud800 \udfff \0 \u2028"
    assert hooks.check_action(text, {**CONTEXT, "status": "\udc80"}) == text + "\udc80"


def test_a_message_steers_no_terminal(load: Load) -> None:
    hooks = load("def check_action(action, context): raise KeyError('\\x1b[2J\\n' * 999)\n").hooks
    reason = str(hooks.check_action("west", CONTEXT))
    assert reason.isprintable()
    assert len(reason) < 1000


def test_equal_sources_are_equal_hooks_in_every_process(load: Load) -> None:
    one = SandboxedHooks("def notices(context): return ['x']\n", "hooks.py")
    other = SandboxedHooks("def notices(context): return ['y']\n", "hooks.py")
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    assert hash(copy) == hash(one)
    assert other != one
    assert copy.call("notices", [{}]) == ["x"]
    for hooks in (one, other, copy):
        hooks.close()


def test_a_scaffold_can_be_sent_to_another_process(load: Load) -> None:
    copy = pickle.loads(pickle.dumps(load("def notices(context): return ['x']\n").hooks))
    assert copy.notices(CONTEXT) == ["x"]


def test_a_failure_of_the_machinery_is_no_rejection(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = load("def check_action(action, context): return 'no'\n").hooks

    def fail(*_: object) -> None:
        raise ConfinementError("seccomp failed")

    assert isinstance(hooks.runner, SandboxedHooks)
    hooks.runner.close()
    monkeypatch.setattr("agents.sandbox.sandbox.Child", fail)
    with pytest.raises(ScaffoldError, match="could not be run: seccomp failed") as raised:
        hooks.check_action("west", CONTEXT)
    assert not isinstance(raised.value, ScaffoldHookError)


def test_no_process_stays_behind_for_hooks_that_cannot_be_had(load: Load) -> None:
    before = _children()
    for source in ("def notices(): return []\n", "def notices(context): return []\n1 / 0\n"):
        with pytest.raises(ScaffoldError):
            load(source)
    assert _children() == before


def _children() -> set[str]:
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}
