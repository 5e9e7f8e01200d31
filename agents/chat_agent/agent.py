"""The plain agent without a memory: what it knows is what the last steps have shown.

It is what BALROG (github.com/balrog-ai/BALROG) calls its naive agent: the instructions, the last
observations and actions in turns as a conversation, and the current observation last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from agents.agent import Decision, Observation
from agents.dialogue.caller import Caller, check_models
from agents.dialogue.compaction import cut_middle
from agents.dialogue.conversation import Conversation
from agents.dialogue.introduction import Introduction
from agents.dialogue.reply import ReplyReader, action_block
from agents.model import ChatModel
from agents.scaffold.prompts.prompts import Prompts
from automem_gym.action import LONGEST_NAME
from memory_fs import FIELDS, MemoryConfig

_PROMPTS = Path(__file__).parent / "prompts"
#: How much of an answer without a valid action is kept in the conversation.
_REPLY_CHARS = 1_000


class ChatAgent:
    """Plays with the last steps as its conversation, and without a memory.

    Each turn is one model call and one game step. An answer without a valid action follows the
    environment's rule: the default action is executed, and counted as invalid.

    What it tells in the events of its decisions: ``impossible`` (an action that does not exist),
    ``compacted`` (a conversation was shortened to fit), ``cut`` and ``refusal`` (how an answer
    ended).

    Args:
        models: The model, by its role ``agent``.
        history: How many past steps the conversation holds; BALROG takes 16.

    Raises:
        ValueError: The model is missing, or ``history`` is negative.
    """

    #: What it needs models for.
    roles: ClassVar[tuple[str, ...]] = ("agent",)

    def __init__(self, models: Mapping[str, ChatModel], history: int = 16) -> None:
        self._models = check_models(self.roles, models)
        if history < 0:
            raise ValueError(f"history is a number of steps, 0 or more, not {history}")
        self.history = history
        self._prompts = Prompts.of_folder(_PROMPTS)

    def memory_config(self, game: str) -> MemoryConfig:
        """A memory that cannot be used."""
        return MemoryConfig(vocabulary=())

    def reset(self, observation: Observation, info: Mapping[str, Any], seed: int) -> None:
        """Prepares for an episode."""
        introduction = Introduction.of(info)
        self._system = self._prompts.render("system", introduction.facts)
        self._caller = Caller(self._models, seed)
        self._actions = introduction.names
        self._reader = ReplyReader(self._actions, FIELDS)
        self._past: deque[tuple[str, str]] = deque(maxlen=self.history)

    def act(self, observation: Observation, info: Mapping[str, Any]) -> Decision:
        """Decides on the next turn.

        Raises:
            ModelError: The model could not be asked.
        """
        self._caller.begin_turn()
        conversation = Conversation(self._system, pinned=1)
        for said, answered in self._past:
            conversation.say(said)
            conversation.answer(answered)
        shown = self._prompts.render(
            "observation",
            {
                "game_step": info["game_step"],
                "feedback": observation["memory"],
                "observation": observation["observation"],
                "status": observation["status"],
            },
        )
        conversation.say(shown)
        done = self._caller.ask("agent", "act", conversation)
        while len(self._past) > conversation.exchanges:  # it will not fit next time, either
            self._past.popleft()
        text = "" if done.stop_reason == "refusal" else done.text
        block, valid = self._decide(text)
        kept = block if valid else cut_middle(done.text, _REPLY_CHARS)
        # Roles alternate, so a step without an answer still has one.
        self._past.append((shown, kept if kept.strip() else "(no answer)"))
        return self._caller.decision(block)

    def _decide(self, answer: str) -> tuple[str, bool]:
        """The text of the turn, and whether its action is valid."""
        written = self._reader.read(answer, acts=True).action
        name = written if self._actions is None or written is None else self._actions.match(written)
        if name is not None:
            return action_block(name), True
        if written is not None:
            self._caller.note("impossible", written[:200])
        # An answer of nothing but memory commands, too, is passed on as an action that does not
        # exist, so that the environment's rule for those holds. One character more than a name may
        # have, so that what is cut cannot become a valid one.
        words = " ".join((answer if written is None else written).split())
        return action_block(words[: LONGEST_NAME + 1]), False
