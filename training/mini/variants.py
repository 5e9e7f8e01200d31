"""Scaffolds drawn at random, on which the embedded model learns to read any of their kind."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

#: The lists that are drawn from.
DRAWN: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
#: How many of the scaffolds turn down an action or a writing without a look.
_HOOKED = 0.35
_SECTIONS = {
    "actions": '<actions>\n{% include "parts/actions.j2" %}\n</actions>',
    "commands": "<commands>\n{% for operation in all_operations %}\n{{ operation.form }}\n"
    "{% endfor %}\n</commands>",
    "files": "<memory_files>\n{% for file in memory_files %}\n{{ file.name }}: {{ file.purpose }}\n"
    "{% endfor %}\n</memory_files>",
}
_HOOKS = '''
"""What is turned down, and with which words."""

import re


def _noted(context):
    lines = re.findall(r"^(\\S.*?) \\((\\d[\\d,]*) lines?,", context["files"], re.MULTILINE)
    return [name for name, count in lines if count != "0"]


def _looked(context):
    return {look["file"].strip() for look in context["looked"]}

'''
_READ_FIRST = """
def check_action(action, context):
    files = _noted(context)
    if files and not _looked(context):
        return READ.replace("{files}", ", ".join(files))
    return None

"""
_LOOK_BEFORE_WRITING = """
CHECKED = ["APPEND"]


def check_command(command, context):
    file = command["file"].strip()
    if file in _noted(context) and file not in _looked(context):
        return LOOK.replace("{files}", file)
    return None
"""

_NOTE = """
def check_done(context):
    return None if context["wrote"] else NOTE
"""


def draw(game: str, folder: Path, rng: random.Random, asked: float = 0.0) -> Path:
    """Draws a scaffold and writes it.

    Args:
        game: The game, whose ``brief`` scaffold it changes.
        folder: Where to; it is made.
        rng: What is drawn from.
        asked: How many ask LOG once more where it ends without a note.

    Returns:
        The folder.
    """
    files = {kind: rng.choice(DRAWN["files"][kind]) for kind in ("places", "goals")}
    named = [(files[kind], rng.choice(DRAWN["files"][f"{kind}_for"])) for kind in files]
    words = {name: rng.choice(texts) for name, texts in DRAWN["words"].items()}
    order = rng.choice(DRAWN["layout"]["orders"])
    (folder / "prompts" / "parts").mkdir(parents=True)
    for name, _ in named:
        path = folder / "memory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    _write_settings(folder, game, named)
    system = [
        # The empty line keeps what follows on a line of its own.
        '{{ game }}, in brief. {% include "parts/goal.j2" %}\n',
        *(part for name in order if (part := _SECTIONS.get(name) or words[name])),
    ]
    prompts = {
        "parts/system.j2": "\n".join(system),
        "log.j2": f'{{% include "parts/scene.j2" %}}\n{words["log"]}',
        "plan.j2": f'{{% include "parts/scene.j2" %}}\n{words["plan"]}',
        "parts/go_on.j2": words["left"],
        "last_turn.j2": words["last"],
        "handover.j2": f"The memory has been consulted.\n{words['handover']}".rstrip(),
        "no_command.j2": f'{words["no_command"]}\n{{% include "parts/go_on.j2" %}}',
    }
    for name, text in prompts.items():
        (folder / "prompts" / name).write_text(text + "\n", "utf-8")
    hooks = _hooks(rng, asked)
    if hooks:
        (folder / "hooks.py").write_text(hooks, "utf-8")
    return folder


def _write_settings(folder: Path, game: str, named: list[tuple[str, str]]) -> None:
    lines = [
        f'name = "variant/{folder.name}"',
        f'game = "{game}"',
        'summary = "Drawn at random."',
        f'extends = "{game.lower()}/brief"',
        "",
        "[files]",
        *(f'"{name}" = "{purpose}"' for name, purpose in named),
    ]
    (folder / "scaffold.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _hooks(rng: random.Random, asked: float) -> str:
    parts = []
    if rng.random() < _HOOKED:
        parts.append(f"READ = {rng.choice(DRAWN['hooks']['read_first'])!r}\n{_READ_FIRST}")
    if rng.random() < _HOOKED:
        parts.append(
            f"LOOK = {rng.choice(DRAWN['hooks']['look_before_writing'])!r}\n{_LOOK_BEFORE_WRITING}"
        )
    if rng.random() < asked:
        parts.append(f"NOTE = {rng.choice(DRAWN['hooks']['note'])!r}\n{_NOTE}")
    return "\n".join([_HOOKS, *parts]).lstrip() if parts else ""
