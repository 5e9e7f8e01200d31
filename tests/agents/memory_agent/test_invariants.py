"""What holds whatever the models answer, on a real environment."""

import functools
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.memory_agent import MemoryAgent, PairAgent
from agents.model import Completion
from automem_gym.action import ActionNames
from automem_gym.command import CommandParser
from memory_fs import OPERATIONS, MemoryAction

FRAGMENTS = [
    "<|ACTION|>east<|END|>",
    "<|ACTION|>west<|END|>",
    "<|ACTION|>fly<|END|>",
    "<|ACTION|>",
    "<action>read",
    "<|DONE|>",
    "<|APPEND|>map.md|a line<|END|>",
    "<|WRITE|>rules.md|all new<|END|>",
    "<|WRITE|>map.md|half",
    "<|CREATE|>new.md<|END|>",
    "<|DELETE|>map.md<|END|>",
    "<|UPSERT|>map.md|key|line<|END|>",
    "<|READ|>map.md<|END|>",
    "<|READ|>none.md<|END|>",
    "<|SEARCH|>*|line<|END|>",
    "<|TAIL|>map.md",
    "<|COUNT|>map.md|a",
    "<|LIST|>",
    "<|NONSENSE|>x<|END|>",
    "<|END|>",
    "<think>",
    "</think>",
    "```\n",
    "\n",
    " some words ",
    "east",
    "|",
]
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)
answers = st.tuples(texts, st.sampled_from(["end"] * 8 + ["length", "refusal"]))


class Random:
    """Gives drawn answers in a drawn order; all of its answers begin with a mark of their own."""

    def __init__(self, drawn, seed):
        self._drawn, self._rng, self._count = drawn, random.Random(seed), itertools.count()

    def __call__(self, messages):
        text, stop_reason = self._rng.choice(self._drawn)
        # A reply that is nothing but an action or nothing at all stays what it is.
        mark = f"mark{next(self._count)}. " if "<" in text else ""
        return Completion(f"{mark}{text}", stop_reason=stop_reason)


def read(played, text):
    names = ActionNames(played.introduction["actions"])
    return CommandParser(names).read(text)


def mutates(commands):
    return any(
        isinstance(command, MemoryAction) and OPERATIONS[command.op].mutates
        for command in commands.memory
    )


def check_turns(played, committer):
    """Nothing is written but in LOG; one action a game step, by who may commit it."""
    planned = set()
    for turn in played.turns:
        commands = read(played, turn.text)
        routines = [call.routine for call in turn.decision.calls]
        assert not commands.empty
        assert not commands.refused
        assert not (mutates(commands) and commands.action is not None)
        if mutates(commands):
            assert turn.step >= 1
            assert turn.step not in planned
            assert set(routines) == {"log"}
        if "plan" in routines:
            planned.add(turn.step)
        assert (commands.action is not None) == (turn.info["game_step"] == turn.step + 1)
        assert "without a game action" not in turn.after["memory"]
        if commands.action is not None:
            check_commitment(played, turn, commands.action, committer)


def check_commitment(played, turn, action, committer):
    last = turn.decision.calls[-1]
    assert (last.role, last.routine) == (committer, "plan")
    if "uncommitted" in turn.events:
        assert action == played.introduction["default_action"]
    else:
        names = ActionNames(played.introduction["actions"])
        written = read(played, last.completion.text).action
        assert (names.match(written) or written) == action


def check_limits(played, agent):
    routines = agent.scaffold("Vault").routines
    calls = [(turn.step, call.routine) for turn in played.turns for call in turn.decision.calls]
    for step, name in set(calls):
        assert calls.count((step, name)) <= routines[name].turns
    steps = [turn.step for turn in played.turns]
    assert max(map(steps.count, steps)) < 32


def check_conversations(played):
    """Each begins anew in each routine of each game step, and is well formed."""
    marks = {}
    for turn in played.turns:
        for call in turn.decision.calls:
            text = "\n".join(message.text for message in call.messages)
            here = marks.setdefault((turn.step, call.routine), [])
            allowed = "".join([*here, turn.before["files"], turn.before["memory"]])
            for word in text.split():
                if word.startswith("mark") and word[4:5].isdigit():
                    assert word in allowed
            roles = [message.role for message in call.messages]
            assert roles == ["system", *(["user", "assistant"] * len(roles))[: len(roles) - 1]]
            assert roles[-1] == "user"
            assert all(message.text.strip() for message in call.messages)
            here.append(call.completion.text)


def check_order(played, agent):
    """LOG, then PLAN; in PLAN the consultant, then the committer."""
    order = [("log", agent.roles[0]), ("plan", agent.roles[0]), ("plan", agent.roles[-1])]
    for _, turns in itertools.groupby(played.turns, key=lambda turn: turn.step):
        calls = [order.index((c.routine, c.role)) for t in turns for c in t.decision.calls]
        assert calls == sorted(calls)


def record(played):
    return [(turn.decision, turn.after, turn.info) for turn in played.turns]


class Switch:
    """A model that another one can be put behind."""

    name = "switch"

    def generate(self, messages, seed):
        return self.model(messages)

    def close(self):
        pass


@functools.cache
def made(agent_class):
    """One agent for all examples: to load its scaffold takes longer than to play an episode."""
    models = {role: Switch() for role in agent_class.roles}
    return agent_class(models), models


@pytest.mark.parametrize("agent_class", [MemoryAgent, PairAgent])
@settings(max_examples=settings().max_examples // 2)  # each is two episodes
@given(drawn=st.lists(answers, min_size=1, max_size=12), seed=st.integers(0, 2**16))
def test_invariants(kit, agent_class, drawn, seed):
    agent, models = made(agent_class)

    def play():
        for role, switch in models.items():
            switch.model = Random(drawn, f"{seed} {role}")
        return kit.play(agent, 5)

    played = play()
    assert len(played.actions) == 5
    check_turns(played, agent.roles[-1])
    check_limits(played, agent)
    check_conversations(played)
    check_order(played, agent)
    assert record(play()) == record(played)
