"""Scaffolds to try things on."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from agents.sandbox import confinement
from agents.scaffold import ScaffoldError, load_scaffold
from agents.scaffold.prompts.variables import PROMPTS, SYSTEM_PROMPTS

MANIFEST = 'name = "mine"\ngame = "*"\nextends = "generic/v0"\n'

#: A scaffold that extends none, and has nothing to say.
BARE = {
    "scaffold.toml": """
name = "bare"
game = "*"
vocabulary = ["READ", "APPEND"]
[limits]
consultation_turns = 5
action_retries = 1
stuck_steps = 4
reply_chars = 4000
[routines.log]
operations = ["READ", "APPEND"]
turns = 10
[routines.plan]
operations = ["READ"]
turns = 10
[files]
"map.md" = "places"
""",
    "memory/map.md": "",
    "prompts/parts/notices.j2": "{% for notice in notices %}{{ notice }}{% endfor %}",
    "prompts/plan.j2": "{% include 'parts/notices.j2' %}",
    **{f"prompts/{name}.j2": "" for name in (*SYSTEM_PROMPTS, *PROMPTS) if name != "plan"},
}

Write = Callable[[Mapping[str, str | bytes]], Path]
Problems = Callable[..., tuple[str, ...]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scaffold that extends generic/v0, with files of its own."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "mine"
        for name, text in {"scaffold.toml": MANIFEST, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return root

    return write


@pytest.fixture(params=[True, False], ids=["trusted", "sandboxed"])
def trusted(request: pytest.FixtureRequest) -> bool:
    """Whether hooks are trusted: they do the same in a sandbox."""
    trusted: bool = request.param
    if not trusted and confinement().open:
        pytest.skip(f"code cannot be confined here: {confinement().reasons}")
    return trusted


@pytest.fixture
def problems(write: Write) -> Problems:
    """What is wrong with a scaffold, each problem without the path of the directory."""

    def problems(
        files: Mapping[str, str | bytes], game: str = "", trust_hooks: bool = False
    ) -> tuple[str, ...]:
        root = write(files)
        try:
            load_scaffold(root, game, trust_hooks)
        except ScaffoldError as error:
            return tuple(line.replace(f"{root}/", "") for line in str(error).split("\n"))
        return ()

    return problems


#: Variables as an agent gives them.
FACTS = {
    "game": "Vault",
    "instructions": "Open the vault.",
    "actions": ("west", "east"),
    "default_action": "west",
    "vocabulary": ("SEARCH", "READ"),
}
VARIABLES = {
    "looked": [],
    "wrote": [],
    "observation": "You see a door.\nA sign says: open.",
    "status": "a key",
    "files": "map.md (0 lines, 0 chars)",
    "game_step": 3,
    "last_action": "west",
    "chosen_action": "",
    "failed": False,
    "unchanged": False,
    "stuck": 0,
    "surroundings": [{"direction": "north", "name": "door", "steps": 1, "distance": "adjacent"}],
    "notices": [],
    "results": "READ map.md: 0 lines",
    "uncommitted": False,
    "refused_beside": False,
    "rejections": [],
    "turns_left": 4,
    "routine": "plan",
    "actions": ["west", "east"],
    "default_action": "west",
    "reason": "",
}
