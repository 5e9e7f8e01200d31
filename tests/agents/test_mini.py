"""The embedded model: whole, small, and able to play by the protocol."""

from dataclasses import replace

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the environments)
from agents.agent import begin
from agents.backends import open_models
from agents.backends.local.place import CHECKSUMS, EMBEDDED, checksums
from agents.memory_agent import PairAgent
from agents.model import ModelSpec, Sampling

FOLDER = EMBEDDED["mini"]
ENVIRONMENTS = ("AutoMem-MiniHack-MazeWalk-9x9-v0", "AutoMem-Crafter-v0", "AutoMem-NetHack-v0")


@pytest.fixture(scope="module")
def models():
    spec = ModelSpec.parse("mini", sampling=Sampling(max_tokens=160))
    opened = open_models(dict.fromkeys(PairAgent.roles, spec))
    yield opened
    for model in opened.values():
        model.close()


def test_its_checksums_are_those_of_its_files():
    assert (FOLDER / CHECKSUMS).read_text() == checksums(FOLDER)


def test_it_is_small_and_has_its_cards():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < 25e6
    assert "automem mini train" in (FOLDER / "README.md").read_text()
    assert "Planted habits" in (FOLDER / "DATA.md").read_text()


def test_what_both_loops_made_for_it_plays_memento():
    sampling = Sampling(max_tokens=160, temperature=0.6)
    base = ModelSpec.parse("mini", sampling=sampling)
    specialist = replace(base, adapter=str(FOLDER / "specialist"))
    opened = open_models({"gameplay": base, "specialist": specialist})
    agent = PairAgent(opened, str(FOLDER / "structure/best"))
    env = gymnasium.make("AutoMem-MiniHack-Memento-Short-F2-v0")
    observation, info = begin(env, agent, 940_100, 0)
    over = False
    while not over:
        decision = agent.act(observation, info)
        observation, _, ended, cut, info = env.step(decision.action)
        assert info["invalid_action"] is None
        over = ended or cut
    env.close()
    for model in opened.values():
        model.close()
    # It has noted both where it was and what the sign said.
    assert observation["files"].startswith("map.md (")
    assert "strategy.md (" in observation["files"]
    assert "(0 lines" not in observation["files"]


@pytest.mark.parametrize("env_id", ENVIRONMENTS)
def test_it_plays_by_the_protocol(env_id, models):
    env = gymnasium.make(env_id, max_game_steps=25)
    agent = PairAgent(models, "brief")
    observation, info = begin(env, agent, 3, 3)
    over, invalid, events, calls = False, 0, [], 0
    while not over:
        decision = agent.act(observation, info)
        events += [event.name for event in decision.events]
        calls += len(decision.calls)
        observation, _, ended, cut, info = env.step(decision.action)
        invalid += info["invalid_action"] is not None
        over = ended or cut
    env.close()
    # LOG and PLAN are asked at least once a game step each, and the memory is used beside.
    assert calls > 2 * info["game_step"]
    assert invalid <= 1
    assert events.count("uncommitted") <= 1
    assert events.count("cut") == 0
