import os
import shutil
from pathlib import Path

import pytest

from agents.scaffold import load_scaffold
from tests.agents.scaffold.conftest import BARE, MANIFEST, Write


def digest(root: Path) -> str:
    return load_scaffold(root, trust_hooks=True).digest


HOOKS = "def notices(context):\n    return []\n"
CONTENT = {**BARE, "hooks.py": HOOKS, "prompts/log.j2": "Log.", "memory/map.md": "Home.\n"}


def test_the_place_and_the_time_do_not_matter(write: Write, tmp_path: Path) -> None:
    root = write(CONTENT)
    first = digest(root)
    assert len(first) == 32
    assert set(first) <= set("0123456789abcdef")
    shutil.copytree(root, tmp_path / "elsewhere")
    os.utime(tmp_path / "elsewhere" / "prompts" / "log.j2", (1, 1))
    (tmp_path / "elsewhere" / "README.md").write_text("notes")
    assert digest(tmp_path / "elsewhere") == first


def test_it_does_not_matter_whether_a_file_is_inherited_or_copied(write: Write) -> None:
    generic = load_scaffold("generic/v0")
    root = write({})
    assert digest(root) == generic.digest
    for name, text in generic.prompts.sources.items():
        write({f"prompts/{name}": text})
    for name, text in generic.memory_config().files.items():
        write({f"memory/{name}": text})
    assert digest(root) == generic.digest


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("prompts/log.j2", "Log.", "Log!"),
        ("prompts/log.j2", "Log.", "Log. "),
        ("prompts/parts/notices.j2", "{{ notice }}", "{{ notice }} "),
        ("memory/map.md", "Home.\n", "Home.\n\n"),
        ("hooks.py", "return []", "return ['x']"),
        ("hooks.py", "context", "shown"),
        ("scaffold.toml", "stuck_steps = 4", "stuck_steps = 5"),
        ("scaffold.toml", '"places"', '"Places"'),
        ("scaffold.toml", '["READ", "APPEND"]\n[limits]', '["APPEND", "READ"]\n[limits]'),
        ("scaffold.toml", 'operations = ["READ"]\nturns = 10', 'operations = ["READ"]\nturns = 9'),
        ("scaffold.toml", "[files]", "[quotas]\nfiles = 99\n[files]"),
    ],
)
def test_what_changes_what_a_model_sees_or_may_do_matters(
    name: str, old: str, new: str, write: Write
) -> None:
    first = digest(write(CONTENT))
    assert old in CONTENT[name]
    assert digest(write({**CONTENT, name: CONTENT[name].replace(old, new)})) != first


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"bare"', '"other"'),
        ('game = "*"', 'game = "Vault"'),
        ('game = "*"', 'game = "*"\nparent = "x@y"\nsummary = "What it is."'),
        ("[limits]", "# a comment\n[limits]"),
        ("4000", "4_000"),
        (
            "consultation_turns = 5\naction_retries = 1",
            "action_retries = 1\nconsultation_turns = 5",
        ),
        ("[files]", "[quotas]\nfiles = 100\n[files]"),  # the default
    ],
)
def test_what_it_is_called_and_how_it_is_written_does_not(old: str, new: str, write: Write) -> None:
    first = digest(write(CONTENT))
    manifest = CONTENT["scaffold.toml"]
    assert old in manifest
    assert digest(write({**CONTENT, "scaffold.toml": manifest.replace(old, new)})) == first


def test_the_order_of_the_memory_files_matters(write: Write) -> None:
    two = '[files]\n"a.md" = "a"\n"b.md" = "b"\n'
    files = {"memory/a.md": "", "memory/b.md": ""}
    first = digest(write({**files, "scaffold.toml": MANIFEST + two}))
    turned = '[files]\n"b.md" = "b"\n"a.md" = "a"\n'
    assert digest(write({"scaffold.toml": MANIFEST + turned})) != first


def test_different_scaffolds_have_different_digests() -> None:
    names = ("generic/v0", "crafter/v0", "minihack/v0", "nethack/v0")
    assert len({load_scaffold(name).digest for name in names}) == 4
