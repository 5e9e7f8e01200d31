"""What the routines of one episode share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from agents.dialogue.caller import Caller
from agents.dialogue.introduction import Introduction
from agents.dialogue.reply import ReplyReader
from agents.scaffold import Scaffold
from automem_gym.action import ActionNames
from memory_fs import FIELDS, Operation


@dataclass(frozen=True)
class RoutineContext:
    """What the routines of one episode share.

    Attributes:
        scaffold: The scaffold, with those of its operations that the environment offers.
        caller: Asks the models.
        reader: Reads their replies.
        actions: The valid game actions; None where any text is one.
        default_action: What is executed where no valid action comes.
        operations: The operations that the scaffold knows, by name.
        systems: The system message of each routine.
    """

    scaffold: Scaffold
    caller: Caller
    reader: ReplyReader
    actions: ActionNames | None
    default_action: str
    operations: Mapping[str, Operation]
    systems: Mapping[str, str]

    @classmethod
    def begin(cls, scaffold: Scaffold, caller: Caller, introduction: Introduction) -> Self:
        """Begins an episode.

        Args:
            scaffold: The scaffold.
            caller: Asks the models.
            introduction: What the first ``info`` of the episode tells.
        """
        offered = introduction.vocabulary
        offered = scaffold.vocabulary if offered is None else offered
        scaffold = restricted(scaffold, offered)
        table = scaffold.memory_config().table
        vocabulary = [word for word in scaffold.vocabulary if word in offered]
        facts = {**introduction.facts, "vocabulary": vocabulary}
        actions = introduction.names
        return cls(
            scaffold,
            caller,
            # Operations that are not offered are still read, so that they are refused by name.
            ReplyReader(actions, {**FIELDS, **{name: op.fields for name, op in table.items()}}),
            actions,
            introduction.default_action,
            MappingProxyType(table),
            {name: scaffold.system(name, facts) for name in scaffold.routines},
        )


def restricted(scaffold: Scaffold, offered: Sequence[str]) -> Scaffold:
    """A scaffold without the operations that an environment does not offer."""
    routines = {
        name: dataclasses.replace(
            routine, operations=tuple(op for op in routine.operations if op in offered)
        )
        for name, routine in scaffold.routines.items()
    }
    return (
        scaffold
        if routines == scaffold.routines
        else dataclasses.replace(scaffold, routines=routines)
    )
