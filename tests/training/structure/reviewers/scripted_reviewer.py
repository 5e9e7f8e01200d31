"""A reviewer whose answers are scripted, as a model and as a server's reactions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from model_server import Answer

from agents.model import Completion, Message, ToolCompletion, Usage

DONE = {
    "title": "Look before you write",
    "analysis": "In seed 1 step 9 it knew of the door, and did not look.",
    "method": "Compare what was written with what was read.",
}
GOOD = {"path": "revision/memory/strategy.md", "text": "Look first.\n"}
BAD = {**GOOD, "text": "BAD\n"}


def use(name: str, given: Mapping[str, Any] | None = None, number: int = 0) -> dict[str, Any]:
    return {"type": "tool_use", "id": f"{name}_{number}", "name": name, "input": given or {}}


#: A reviewer who looks around, writes what is bad, mends it, and finishes.
ANSWERS: tuple[list[dict[str, Any]], ...] = (
    [
        {"type": "text", "text": "I look around."},
        use("list_files", {"folder": "scaffold"}),
        use("episodes", {}),
    ],
    [use("step", {"episode": "seed 1", "step": 9}), use("steps", {"what": "reward"})],
    [use("step", {"episode": "seed 1", "step": 9, "offset": 7_000})],
    [use("write_file", BAD), use("check")],
    [use("finish", DONE)],
    [use("write_file", GOOD), use("check"), use("diff")],
    [use("finish", DONE)],
)


class Scripted:
    """Answers with one list of blocks after the other, then with the last one for ever."""

    name = "scripted-reviewer"

    def __init__(self, *answers: Sequence[dict[str, Any]] | ToolCompletion | BaseException) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def call(
        self,
        system: str,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]],
        seed: int,
        force: str = "",
    ) -> ToolCompletion:
        asked = {"system": system, "messages": messages, "tools": tools, "seed": seed}
        self.asked.append(json.loads(json.dumps(asked)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, ToolCompletion):
            return answer
        return ToolCompletion(tuple(answer), Usage(1_000, 0, 0, 50), latency=0.25)

    def generate(self, messages: Sequence[Message], seed: int) -> Completion:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to free."""


def results(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the last message of a request tells of tools."""
    return [block for block in asked["messages"][-1]["content"] if block["type"] == "tool_result"]


def answer_in_turn(body: Mapping[str, Any]) -> Answer:
    """Reacts as the reviewer above does: how far the conversation is tells which answer is due."""
    turn = sum(message["role"] == "assistant" for message in body["messages"])
    usage = {"input_tokens": 900, "cache_read_input_tokens": 100, "output_tokens": 50}
    return Answer(blocks=tuple(ANSWERS[turn]), usage=usage)
