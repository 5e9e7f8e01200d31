import os
import pickle
import shutil
from pathlib import Path

import pytest

from agents.scaffold import Limits, Routine, ScaffoldError, load_scaffold
from tests.agents.scaffold.conftest import FACTS, MANIFEST, VARIABLES, Problems, Write


def test_a_version_means_the_scaffold_of_the_game_or_the_generic_one() -> None:
    assert load_scaffold("v0", "Crafter").name == "crafter/v0"
    assert load_scaffold("v0", "nethack").name == "nethack/v0"
    assert load_scaffold("v0", "Vault").name == "generic/v0"
    assert load_scaffold("v0", "").name == "generic/v0"
    assert load_scaffold("v0", "../../..").name == "generic/v0"
    assert load_scaffold("generic/v0", "Crafter").name == "generic/v0"


def test_what_a_scaffold_holds() -> None:
    scaffold = load_scaffold("v0", "Vault")
    assert scaffold.game == "*"
    assert scaffold.parent == ""
    assert scaffold.vocabulary == ("SEARCH", "READ", "TAIL", "COUNT", "APPEND", "WRITE", "CREATE")
    assert scaffold.limits == Limits(
        consultation_turns=5, action_retries=1, stuck_steps=4, reply_chars=4_000
    )
    assert scaffold.routines == {
        "log": Routine("log", scaffold.vocabulary, 10),
        "plan": Routine("plan", ("SEARCH", "READ", "TAIL", "COUNT"), 10),
    }
    config = scaffold.memory_config()
    assert config.vocabulary == scaffold.vocabulary
    assert list(config.files) == list(scaffold.memory_files)
    assert config.operations == ()


def test_a_directory_inherits_what_it_does_not_have(write: Write) -> None:
    generic = load_scaffold("generic/v0")
    root = write(
        {
            "scaffold.toml": f"{MANIFEST}[limits]\nstuck_steps = 9\n[quotas]\nfiles = 7\n"
            "[routines.plan]\nturns = 3\n",
            "prompts/no_command.j2": "No command!",
        }
    )
    scaffold = load_scaffold(root)
    assert scaffold.prompt("no_command", VARIABLES) == "No command!"
    assert scaffold.prompt("plan", VARIABLES) == generic.prompt("plan", VARIABLES)
    assert scaffold.limits == Limits(5, 1, 9, 4_000)
    assert scaffold.routines["plan"] == Routine("plan", ("SEARCH", "READ", "TAIL", "COUNT"), 3)
    assert scaffold.memory_config().quotas.files == 7
    assert scaffold.memory_config().files == generic.memory_config().files
    assert scaffold.summary == ""  # what somebody else said of it


def test_a_schema_is_taken_whole(write: Write) -> None:
    files = '[files]\n"strategy.md" = "the plan"\n"deep/notes.md" = "notes"\n'
    root = write({"scaffold.toml": MANIFEST + files, "memory/deep/notes.md": "Begin.\n"})
    scaffold = load_scaffold(root)
    inherited = load_scaffold("generic/v0").memory_config().files["strategy.md"]
    expected = {"strategy.md": inherited, "deep/notes.md": "Begin.\n"}
    assert dict(scaffold.memory_config().files) == expected
    assert list(scaffold.memory_config().files) == ["strategy.md", "deep/notes.md"]
    system = scaffold.system("log", FACTS)
    assert "strategy.md: the plan\ndeep/notes.md: notes\n</memory_files>" in system


def test_operations_of_a_routine_are_what_its_prompt_shows(write: Write) -> None:
    routine = '[routines.plan]\noperations = ["TAIL"]\n'
    system = load_scaffold(write({"scaffold.toml": MANIFEST + routine})).system("plan", FACTS)
    assert "<|TAIL|>file|n<|END|>  the last n lines of a file\n" in system
    assert "## PLAN\nIts commands: TAIL, and ACTION." in system


def test_a_scaffold_travels_to_another_process(write: Write) -> None:
    scaffold = load_scaffold(write({"hooks.py": _HOOKS}), trust_hooks=True)
    copy = pickle.loads(pickle.dumps(scaffold))
    assert copy.digest == scaffold.digest
    assert copy.prompt("log", VARIABLES) == scaffold.prompt("log", VARIABLES)
    assert copy.hooks.notices({}) == ["hello"]
    # Environments compare configurations to see whether a new episode needs a new memory.
    assert copy.memory_config() == scaffold.memory_config()


_HOOKS = """
OPERATIONS = {"NOOP": {"fields": ["file"], "summary": "nothing", "mutates": False}}
def notices(context): return ["hello"]
def run_operation(name, key, text, content): return {"result": "done"}
"""


def test_a_scaffold_for_another_game_is_refused(problems: Problems) -> None:
    with pytest.raises(ScaffoldError, match=r"v0/scaffold.toml:2: it is made for Crafter, .* Nine"):
        load_scaffold("crafter/v0", "Nine")
    text = MANIFEST.replace('"*"', '"Vault"')
    assert problems({"scaffold.toml": text}, "vault") == ()
    assert problems({"scaffold.toml": text}, "") == ()
    (problem,) = problems({"scaffold.toml": text}, "Chess")
    assert problem == "scaffold.toml:2: it is made for Vault, and this is Chess"


def test_a_scaffold_that_is_not_there() -> None:
    for name in ("genric/v0", "v9", "/nowhere/v0", "crafter"):
        with pytest.raises(ScaffoldError, match=r"there is no scaffold .* generic/v0, "):
            load_scaffold(name, "Crafter")
    with pytest.raises(ScaffoldError, match=r"Did you mean 'crafter/v\d'\?"):
        load_scaffold("crafter/v9")


def test_a_shipped_name_comes_before_a_directory(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move(write({}), tmp_path / "v0")
    monkeypatch.chdir(tmp_path)
    assert load_scaffold("v0").name == "generic/v0"
    assert load_scaffold("./v0").name == "mine"
    assert load_scaffold(Path("v0")).name == "mine"


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ("limit = 3", "scaffold.toml:4: limit is unknown. Did you mean 'limits'? There are name,"),
        ("limits = 3", "scaffold.toml:4: limits is a table: [limits]"),
        (
            "[limits]\n\nstuck_step = 3",
            "scaffold.toml:6: limits.stuck_step is unknown. Did you mean 'stuck_steps'?",
        ),
        (
            "[limits]\nstuck_steps = true",
            "scaffold.toml:5: limits.stuck_steps is a whole number from 1 to 1,000, not True",
        ),
        ("[limits]\nstuck_steps = 0", "scaffold.toml:5: limits.stuck_steps is a whole number"),
        ("[quotas]\nfiles = 1.5", "scaffold.toml:5: quotas.files is a whole number from 1 to"),
        ("[quotas]\nchars = 5", "scaffold.toml:5: quotas.chars is unknown."),
        ("[routines.act]\nturns = 3", "scaffold.toml:4: routines.act is unknown. There are log,"),
        ("[routines]\nlog = 3", "scaffold.toml:5: routines.log is a table: [routines.log]"),
        (
            "[routines.log]\nturn = 3",
            "scaffold.toml:5: routines.log.turn is unknown. Did you mean 'turns'?",
        ),
        ("[routines.log]\nturns = 33", "scaffold.toml:5: routines.log.turns is a whole number"),
        (
            "routines.log.turns = 30",
            "scaffold.toml:4: the routines have 40 turns together; an environment waits for an "
            "action for 32",
        ),
        (
            '[routines.log]\noperations = "READ"',
            "scaffold.toml:5: routines.log.operations is a list of operations",
        ),
        (
            '[routines.log]\noperations = ["READ", "READ"]',
            "scaffold.toml:5: routines.log.operations names an operation twice",
        ),
        (
            '[routines.log]\noperations = ["UPSERT"]',
            "scaffold.toml:5: 'UPSERT' is not in the vocabulary. There are SEARCH,",
        ),
        (
            '[routines.plan]\noperations = ["READ", "APPEND"]',
            "scaffold.toml:5: APPEND changes the memory, and plan only reads; it may have SEARCH, "
            "READ, TAIL, COUNT",
        ),
        (
            'vocabulary = ["search"]',
            "scaffold.toml:4: 'search' is no memory operation. Did you mean 'SEARCH'?",
        ),
        ("vocabulary = []", "'SEARCH' is not in the vocabulary. There are none"),
        ('vocabulary = ["READ", 3]', "scaffold.toml:4: vocabulary is a list of operations"),
        ("summary = 3", "scaffold.toml:4: summary is text in quotes, of one line"),
        ('summary = """a\nb"""', "scaffold.toml:4: summary is text in quotes, of one line"),
        ("[files]\nmap = 3", "scaffold.toml:5: files.map is text in quotes"),
        (
            '[files]\n"maps.md" = "maps"',
            "scaffold.toml:5: there is no file memory/maps.md; it may be empty.",
        ),
        ("name = ", "scaffold.toml:4: is no valid TOML: Invalid value in column 8"),
        ("a = 1\n[a", "scaffold.toml:5: is no valid TOML"),
        ("a = " + "[" * 5_000, "is no valid TOML"),
        ("a = " + "9" * 5_000, "scaffold.toml:1: is no valid TOML"),
        ('game = "x"', "scaffold.toml:4: is no valid TOML: Cannot overwrite a value"),
    ],
)
def test_mistakes_in_the_manifest(manifest: str, expected: str, problems: Problems) -> None:
    found = problems({"scaffold.toml": f"{MANIFEST}{manifest}\n"})
    assert any(expected in problem for problem in found), found


def test_all_mistakes_are_told_at_once(problems: Problems) -> None:
    found = problems(
        {
            "scaffold.toml": f"{MANIFEST}nmae = 3\n[limits]\nstuck_steps = 0\n",
            "prompts/log.txt": "",
            "memory/has space.md": "",
            "prompt/log.j2": "",
        }
    )
    assert len(found) == 5, found


def test_the_whole_is_checked_when_its_parts_are_sound(problems: Problems) -> None:
    found = problems(
        {
            "scaffold.toml": f'{MANIFEST}vocabulary = ["READ", "SEEK"]\n',
            "prompts/log.j2": "{{ observatoin }}",
            "prompts/plan.j2": "{{ status }\n",
        }
    )
    assert sum("not in the vocabulary" in problem for problem in found) == 9
    assert any("'SEEK' is no memory operation" in problem for problem in found)
    assert any(problem.startswith("prompts/plan.j2:1: ") for problem in found)


def test_nothing_is_set_behind_the_authors_back(problems: Problems) -> None:
    found = problems({"scaffold.toml": 'name = "alone"\n[limits]\nstuck_steps = 3\n'})
    missing = [problem for problem in found if "is missing" in problem]
    assert "scaffold.toml:1: vocabulary is missing" in missing
    assert "scaffold.toml:2: limits.reply_chars is missing" in missing
    assert "scaffold.toml:1: routines.plan.turns is missing" in missing
    assert any(problem.startswith("prompts/system_log.j2: is missing") for problem in missing)


def test_only_shipped_scaffolds_are_extended(problems: Problems) -> None:
    for name in ("generic/v1", "../mine", "/tmp", "generic"):
        (problem, *_) = problems({"scaffold.toml": MANIFEST.replace("generic/v0", name)})
        assert f"scaffold.toml:3: there is no shipped scaffold '{name}'" in problem
    assert problems({"scaffold.toml": MANIFEST.replace("generic/v0", "minihack/v0")}) == ()


def test_files_and_their_purposes_belong_together(problems: Problems) -> None:
    (problem,) = problems({"memory/maps.md": "x"})
    assert problem == (
        "memory/maps.md: [files] in scaffold.toml does not say what it is for. Did you mean "
        "'map.md'?"
    )


def test_first_files_fit_into_the_memory(problems: Problems) -> None:
    small = f"{MANIFEST}[quotas]\nfile_chars = 10\n"
    found = problems({"scaffold.toml": small, "memory/map.md": "x" * 11})
    assert "memory/map.md: cannot be a first file: the file would hold 12 characters" in found[0]
    both = f'{MANIFEST}[files]\n"a" = "a file"\n"a/b" = "one below it"\n'
    assert problems({"scaffold.toml": both})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prompt/log.j2", "prompt: is no part of a scaffold. Did you mean 'prompts'?"),
        ("Hooks.py", "Hooks.py: is no part of a scaffold. Did you mean 'hooks.py'?"),
        ("prompts/log.txt", "prompts/log.txt: is no template; the names of templates end with .j2"),
        ("prompts/logg.j2", "prompts/logg.j2:1: nothing uses this. Did you mean 'log.j2'?"),
        ("memory/a b.md", "memory/a b.md: is no name of a memory file"),
        ("memory/-x.md", "memory/-x.md: is no name of a memory file"),
    ],
)
def test_files_that_do_not_belong(name: str, expected: str, problems: Problems) -> None:
    assert any(expected in problem for problem in problems({name: "x"}))


def test_what_does_not_belong_but_does_no_harm(problems: Problems) -> None:
    harmless = {"README.md": "x", ".git/config": "x", "__pycache__/hooks.pyc": b"\xff"}
    assert problems({**harmless, "memory/.DS_Store": b"\xff", "prompts/.log.j2.swp": "x"}) == ()


def test_what_is_no_text_is_refused(problems: Problems) -> None:
    (problem,) = problems({"memory/map.md": b"one\ntwo\n\xff\n"})
    assert problem == "memory/map.md:3: is no UTF-8 text: invalid start byte"
    (problem,) = problems({"memory/map.md": "x" * 256_001})
    assert problem == "memory/map.md: has 256,001 bytes; 256,000 at most"
    (problem, *_) = problems({"memory/map.md": "", "prompts/log.j2": "x" * 64_001})
    assert problem == "prompts/log.j2: has 64,001 bytes; 64,000 at most"


def test_the_whole_is_not_too_large(problems: Problems) -> None:
    many = {f"prompts/parts/{number}.j2": "x" * 60_000 for number in range(9)}
    assert "540,048 characters; 512,000 at most" in problems({**many, "prompts/log.j2": ""})[0]


def test_no_link_leads_out(write: Write, problems: Problems, tmp_path: Path) -> None:
    secret = tmp_path / "secret.j2"
    secret.write_text("the secret")
    root = write({"memory/map.md": "", "prompts/parts/mine.j2": "{{ status }}"})
    for place in ("memory/rules.md", "prompts/log.j2", "hooks.py"):
        (root / place).symlink_to(secret)
        (problem, *_) = problems({})
        assert "links to a place outside the scaffold" in problem
        (root / place).unlink()
    (root / "prompts" / "out").symlink_to(tmp_path, target_is_directory=True)
    assert "links to a place outside" in problems({})[0]
    (root / "prompts" / "out").unlink()
    shutil.move(root / "memory", tmp_path / "memory")
    (root / "memory").symlink_to(tmp_path / "memory", target_is_directory=True)
    assert problems({}) == ("memory: must be a directory, and no link",)
    (root / "memory").unlink()
    # Within the scaffold a file may be a link, and the directory itself may be one.
    (root / "prompts" / "log.j2").symlink_to(root / "prompts" / "parts" / "mine.j2")
    (root / "prompts" / "plan.j2").write_text('{% include "parts/mine.j2" %}')
    (tmp_path / "link").symlink_to(root)
    assert load_scaffold(tmp_path / "link").prompt("log", VARIABLES) == "a key"


def test_what_is_no_file_is_not_read(write: Write, problems: Problems) -> None:
    root = write({})
    (root / "prompts").mkdir()
    os.mkfifo(root / "prompts" / "log.j2")
    assert problems({}) == ("prompts/log.j2: is no plain file",)
    (root / "prompts" / "log.j2").unlink()
    (root / "prompts" / "log.j2").symlink_to(root / "prompts" / "nothing.j2")
    assert problems({}) == ("prompts/log.j2: is a link to nothing",)
    (root / "prompts" / "log.j2").unlink()
    (root / "prompts" / "log.j2").symlink_to("log.j2")
    assert problems({}) == ("prompts/log.j2: is a link that leads back to itself",)


def test_folders_are_not_followed_without_end(problems: Problems) -> None:
    deep = "memory" + "/a" * 12
    assert problems({f"{deep}/b.md": ""}) == (
        "memory/a/a/a/a/a/a/a/a/a: lies deeper than 8 folders",
    )
