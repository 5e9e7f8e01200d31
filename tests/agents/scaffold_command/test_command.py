import re
from pathlib import Path

import pytest

from agents.commands import COMMANDS
from agents.sandbox import confinement
from agents.scaffold import load_scaffold
from automem_gym.commands import main
from tests.agents.scaffold.conftest import MANIFEST, Write


def automem(*arguments: str | Path) -> int:
    return main(COMMANDS, ["scaffold", *map(str, arguments)])


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert automem("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "courier/brief",
        "courier/v1",
        "crafter/brief",
        "crafter/v0",
        "crafter/v1",
        "crafter/v2",
        "generic/brief",
        "generic/v0",
        "minihack/brief",
        "minihack/v0",
        "minihack/v1",
        "minihack/v2",
        "nethack/brief",
        "nethack/v0",
        "nethack/v1",
    ]
    assert load_scaffold("nethack/v1").digest in lines[-1]


def test_a_sound_scaffold(capsys: pytest.CaptureFixture[str]) -> None:
    assert automem("check", "crafter/v0") == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    digest = load_scaffold("crafter/v0").digest
    assert shown.out.startswith(f"crafter/v0  digest {digest}\n")
    assert "AutoMem-Crafter-v0, 6 game steps" in shown.out
    assert re.search(r"system +\d{4} +\d{4}\n", shown.out)
    assert re.search(r"static share +\d\d% +\d\d%\n", shown.out)
    assert shown.out.endswith("sound\n")
    assert "warning" not in shown.out


def test_a_scaffold_for_any_game_is_tried_in_each(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert automem("check", write({})) == 0
    found = re.findall(r"^(\S+), \d+ game steps$", capsys.readouterr().out, re.MULTILINE)
    games = {name.split("-")[1] for name in found}
    assert {"Crafter", "MiniHack", "NetHack"} <= games


def test_one_environment_is_named(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    env = ("--env", "examples.vault:AutoMem-Vault-v0", "--env-arg", "rooms=6")
    assert automem("check", write({}), *env, "--seed", "7") == 0
    assert "AutoMem-Vault-v0, 6 game steps" in capsys.readouterr().out
    assert automem("check", "crafter/v0", *env) == 1
    assert "it is made for Crafter, and this is Vault" in capsys.readouterr().err


def test_a_scaffold_that_cannot_be_loaded(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    root = write({"prompts/log.j2": "{{ x }}", "prompts/plan.j2": "{% if %}"})
    assert automem("check", root) == 1
    assert f"{root}/prompts/plan.j2:1: Expected an expression" in capsys.readouterr().err
    assert automem("check", "crafter/v0", "--game", "NetHack") == 1
    assert "it is made for Crafter, and this is NetHack" in capsys.readouterr().err
    assert automem("check", "nowhere/v0") == 1
    assert "there is no scaffold 'nowhere/v0'" in capsys.readouterr().err


def test_a_prompt_that_fails_only_in_a_game(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each for another reason: at a notice, after an answer, when a model has not acted."""
    root = write(
        {
            "prompts/log.j2": "\n{% if failed %}{{ surroundings[99].name }}{% endif %}",
            "prompts/no_command.j2": "{{ results.steps }}",
            "prompts/system_plan.j2": "{{ operations[9].name }}",
        }
    )
    assert automem("check", root, "--game", "Crafter") == 1
    shown = capsys.readouterr()
    assert shown.out.endswith("not sound\n")
    for place in ("log.j2:2", "no_command.j2:1", "system_plan.j2:1"):
        assert f"{root}/prompts/{place}: " in shown.err


@pytest.mark.parametrize("trust", [[], ["--trust-hooks"]])
def test_hooks_are_called(
    trust: list[str], write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    if not trust and confinement().open:
        pytest.skip(f"code cannot be confined here: {confinement().reasons}")
    root = write(
        {
            "hooks.py": """
OPERATIONS = {"MARK": {"fields": ["file", "text"], "summary": "mark", "mutates": True}}
def notices(context): return [context["game_stepp"]]
def check_action(action, context): return 3
def check_command(command, context): return None
def run_operation(name, key, text, content): return "marked"
""",
            "scaffold.toml": f'{MANIFEST}vocabulary = ["READ", "APPEND", "MARK"]\n'
            '[routines.log]\noperations = ["APPEND", "MARK"]\n'
            '[routines.plan]\noperations = ["READ"]\n',
        }
    )
    game = ("--game", "Crafter")
    assert automem("check", root, *game, *trust) == 1
    problems = capsys.readouterr().err.splitlines()
    assert problems == [
        f"{root}/hooks.py:3: the hooks failed in notices: KeyError: 'game_stepp'",
        "the scaffold's hook check_action returned 3; it may return None, or the reason as a text "
        "of up to 4,000 characters",
        "the scaffold's hook run_operation returned 'marked'; it may return "
        '{"result": text, "content": text or None}',
    ]


def test_sound_hooks(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    hooks = 'def check_action(action, context): return "never" * 200\n'
    root = write({"hooks.py": hooks})
    assert automem("check", root, "--game", "Crafter", "--trust-hooks") == 0
    assert automem("show", root, "--game", "Crafter", "--trust-hooks", "--routine", "plan") == 0
    assert "<rejected>\nnevernever" in capsys.readouterr().out


def test_a_command_that_a_prompt_shows_and_its_reader_does_not_have(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write({"prompts/parts/plan_advice.j2": "<|UPSERT|>map.md|home|east<|END|>\n"})
    assert automem("check", root, "--game", "Crafter") == 0
    warning = "warning: prompts/system_plan.j2 shows <|UPSERT|>, which plan may not use"
    assert warning in capsys.readouterr().out


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    env = ("--env", "AutoMem-MiniHack-v0", "--env-arg", "task=Corridor-R3", "--seed", "3")
    assert automem("show", "v0", *env) == 0
    text = capsys.readouterr().out
    assert text.startswith("minihack/v0 in AutoMem-MiniHack-v0, seed 3\n\n==== LOG: system_log, ")
    assert set(re.findall(r"^==== (\w+: \w+)", text, re.MULTILINE)) == {
        *("LOG: system_log", "LOG: log", "LOG: results", "LOG: last_turn"),
        *("PLAN: system_plan", "PLAN: plan", "PLAN: results", "PLAN: no_command"),
        *("PLAN: handover", "PLAN: rejected", "PLAN: last_turn"),
    }
    assert "language observation:" in text
    assert automem("show", "v0", *env, "--routine", "plan") == 0
    only = capsys.readouterr().out
    assert "==== PLAN: plan, " in only
    assert "==== LOG" not in only


def test_new(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("crafter/v0", "generic/v0", "minihack/v0"):
        target = tmp_path / "deep" / name.replace("/", "-")
        assert automem("new", target, "--from", name) == 0
        source, copy = load_scaffold(name), load_scaffold(target)
        assert copy.digest == source.digest
        assert copy.parent == f"{name}@{source.digest}"
        assert copy.name == target.name
        assert copy.game == source.game
        assert "extends" not in (target / "scaffold.toml").read_text()
    assert "deep/minihack-v0: a copy of minihack/v0;" in capsys.readouterr().out
    # A copy of a copy, after a change
    (target / "memory" / "actions.md").write_text("step 0: began\n")
    assert automem("new", tmp_path / "next", "--from", target) == 0
    assert load_scaffold(tmp_path / "next").parent == f"minihack-v0@{load_scaffold(target).digest}"


def test_new_copies_every_text_as_it_is(write: Write, tmp_path: Path) -> None:
    odd = 'summary = "\\"q\\" \\\\ \\u007f \\u00e9 #"\n'
    files = f'{MANIFEST}{odd}[files]\n"a b.md" = "x"\n'.replace("a b.md", "dir/a-b.md")
    code = {"hooks.py": 'def notices(context):\n    return ["\u00e9"]\n'}
    texts = {"prompts/log.j2": "a\r\nb\n\n", "memory/dir/a-b.md": "\u00e9\n\n"}
    root = write({"scaffold.toml": files, **code, **texts})
    target = tmp_path / "copy"
    assert automem("new", target, "--from", root, "--trust-hooks") == 0
    for name, text in {**code, **texts}.items():
        assert (target / name).read_bytes() == text.encode()
    source = load_scaffold(root, trust_hooks=True)
    copy = load_scaffold(target, trust_hooks=True)
    assert copy.summary == source.summary == '"q" \\ \x7f \u00e9 #'
    assert copy.digest == source.digest


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    assert automem("new", tmp_path) == 2
    assert automem("new", tmp_path / "file") == 2
    assert f"{tmp_path} is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    (tmp_path / "empty").mkdir()
    assert automem("new", tmp_path / "empty") == 0
    assert automem("new", tmp_path / "file" / "below") == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["show", "nowhere/v0"], "there is no scaffold 'nowhere/v0'"),
        (["show", "v0", "--env", "AutoMem-Nothing-v0"], "AutoMem-Nothing"),
        (["check", "v0", "--env", "AutoMem-Crafter-v0", "--env-arg", "colour=red"], "colour"),
        (["check", "v0", "--game", "Tetris"], "no environment of Tetris is registered"),
        (["show", "v0", "--env", "CartPole-v1"], "CartPole-v1 has no memory; wrap it in automem"),
        (["new", "/tmp/never", "--from", "nowhere/v0"], "there is no scaffold 'nowhere/v0'"),
    ],
)
def test_mistakes(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert automem(*arguments) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["chek"], ["check"], ["show", "v0", "--routine", "x"]])
def test_slips(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        automem(*arguments)
    assert raised.value.code == 2
