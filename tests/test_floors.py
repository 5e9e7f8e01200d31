"""Imports only point down the floors, and the light packages stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("memory_fs", "automem_gym", "agents", "benchmarks", "training")
HEAVY = (
    *("nle", "minihack", "crafter", "scipy", "rich", "jinja2", "ray"),
    *("torch", "transformers", "peft", "accelerate", "bitsandbytes", "anthropic", "openai"),
)


def imported_modules(path: Path) -> set[str]:
    """The top-level packages that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import hides its floor"
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_from_the_floors_below(floor: str) -> None:
    above = set(FLOORS[FLOORS.index(floor) + 1 :]) | {"tests", "examples"}
    files = sorted((ROOT / floor).rglob("*.py"))
    assert files
    for path in files:
        assert not imported_modules(path) & above, path


def test_memory_fs_needs_only_the_standard_library() -> None:
    allowed = set(sys.stdlib_module_names) | {"memory_fs"}
    for path in (ROOT / "memory_fs").rglob("*.py"):
        if "adapters" not in path.parts:
            assert imported_modules(path) <= allowed, path


@pytest.mark.parametrize("floor", ["automem_gym", "agents"])
def test_importing_a_floor_loads_no_heavy_library(floor: str) -> None:
    code = f"import sys, {floor}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


#: The games' names stand nowhere but in their own folders (and their scaffolds, players and tests).
#: benchmarks/speed compares each with its own stock engine.
OWN_PLACES = (
    "automem_gym/games/",
    "agents/explorer/",
    "agents/scaffolds/",
    "agents/backends/scripted/players/",
    "benchmarks/speed/",
)


@pytest.mark.parametrize("game", ["nethack", "minihack", "crafter"])
def test_no_file_outside_a_game_knows_it_by_name(game: str) -> None:
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.py"):
            if path.relative_to(ROOT).as_posix().startswith(OWN_PLACES):
                continue
            code = ast.unparse(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))
            assert game not in code.lower(), path


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


@pytest.mark.parametrize(
    ("package", "known"),
    [
        ("sandbox", ("agents.sandbox",)),
        ("scaffold", ("agents.scaffold", "agents.sandbox")),
        ("dialogue", ("agents.dialogue", "agents.model", "agents.agent")),
        ("model", ("agents.model",)),
    ],
)
def test_what_the_agents_share_knows_no_agent(package: str, known: tuple[str, ...]) -> None:
    for path in (ROOT / "agents" / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert module.split(".")[0] != "agents" or module.startswith(known), path
