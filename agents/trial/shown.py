"""Which commands prompts show that their reader may not use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.scaffold.scaffold import Scaffold
from agents.trial.trial import Trial
from memory_fs.action import RESERVED

_MARK = re.compile(r"<\|([A-Z][A-Z0-9_]*)\|>")


def foreign_commands(scaffold: Scaffold, trial: Trial) -> Iterator[str]:
    """Commands that a prompt shows and its routine does not have, which is seldom meant.

    Args:
        scaffold: The scaffold.
        trial: Its prompts, as a short game has shown them.
    """
    systems = [rendered for rendered in trial.rendered if rendered.name.startswith("system_")]
    told = set()
    for rendered in systems:
        # Routines with one message in common are told in it what each of them may use.
        readers = {other.routine for other in systems if other.text == rendered.text}
        allowed = {op for name in readers for op in scaffold.routines[name].operations}
        allowed.update(RESERVED)
        for mark in _MARK.finditer(rendered.text):
            if mark[1] not in allowed and (rendered.name, mark[1]) not in told:
                told.add((rendered.name, mark[1]))
                yield (
                    f"prompts/{rendered.name}.j2 shows <|{mark[1]}|>, which {rendered.routine} may "
                    "not use"
                )
