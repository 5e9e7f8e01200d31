"""A tiny base, a data set and trainings on them; recorded runs, which are played once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.backends.local.random_weights import build
from agents.model import ModelSpec, Sampling
from agents.scaffold import load_scaffold
from automem_gym.commands import main
from benchmarks.commands import COMMANDS
from benchmarks.episode import Episode
from benchmarks.episode_result import EpisodeResult
from benchmarks.run_directory import RunDirectory
from benchmarks.trace import Trace
from training.proficiency.example import write_examples
from training.proficiency.reading import read_turns
from training.proficiency.trainer import Training, train
from training.proficiency.turn import Turn

# The server of models stands with the backends' tests, and what scripts it with the reviewers'.
sys.path.insert(0, str(Path(__file__).parents[2] / "training" / "structure" / "reviewers"))
sys.path.insert(0, str(Path(__file__).parents[2] / "agents" / "backends"))
sys.path.insert(0, str(Path(__file__).parent))
from lora_examples import TEXTS, examples, recipe

Train = Callable[..., Training]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "tiny"
    return build(directory, "tiny", seed=1, texts=TEXTS, adapter=False)


@pytest.fixture(scope="session")
def spec(base: Path) -> ModelSpec:
    sampling = Sampling(temperature=0.0, max_tokens=24)
    return ModelSpec("local", str(base), sampling=sampling, options={"device": "cpu"})


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "examples.jsonl"
    write_examples(path, examples(16))
    return path


@pytest.fixture
def trained(spec: ModelSpec, data: Path, tmp_path: Path) -> Train:
    """Trains into ``tmp_path / out``."""

    def run(out: str = "adapter", data: Path = data, **named) -> Training:
        own = {name: named.pop(name) for name in ("evaluate_every", "save_every") if name in named}
        say = named.pop("say", lambda line: None)
        model = named.pop("model", spec)
        own.setdefault("evaluate_every", 4)
        report_to = named.pop("report_to", ())
        return train(
            model, data, tmp_path / out, recipe(**named), report_to=report_to, say=say, **own
        )

    return run


#: An episode of a run: what was played, what it came to, and the answers.
Read = tuple[Episode, EpisodeResult, list[Turn]]


def play(out: Path, env: str, model: str, *more: str) -> Path:
    words = ["run", "--env", env, "--model", model, *more, "--no-scenes", "--out", str(out)]
    assert main(COMMANDS, [*words, "--executor", "serial"]) == 0
    return out


@pytest.fixture(scope="session")
def crafter_run(tmp_path_factory) -> Path:
    """Three seeds by a player who asks too little and repeats itself."""
    return play(
        tmp_path_factory.mktemp("crafter") / "run",
        "AutoMem-Crafter-v0",
        "scripted:consult=0.5,repeat=0.5",
        *("--agent", "memory", "--seeds", "0-2", "--max-game-steps", "40"),
    )


@pytest.fixture(scope="session")
def minihack_run(tmp_path_factory) -> Path:
    """By one who makes mistakes; the hooks of the scaffold turn commands and actions down."""
    return play(
        tmp_path_factory.mktemp("minihack") / "run",
        "AutoMem-MiniHack-Corridor-R3-v0",
        "scripted:slip=0.4,early=0.3,forget=0.5,consult=0.5",
        *("--agent", "memory", "--scaffold", "v1", "--seeds", "0,1", "--max-game-steps", "30"),
    )


@pytest.fixture(scope="session")
def vault_run(tmp_path_factory) -> Path:
    """The pair in a game and with a scaffold of the user's own."""
    return play(
        tmp_path_factory.mktemp("vault") / "run",
        "examples.vault:AutoMem-Vault-v0",
        "scripted:consult=0.5,repeat=0.5",
        *("--agent", "pair", "--scaffold", "examples/vault_scaffold"),
        *("--seeds", "0,1", "--max-game-steps", "25"),
    )


def read_run(run: Path) -> list[Read]:
    found = []
    for episode, result in RunDirectory(run).results():
        assert result is not None
        trace = Trace(RunDirectory(run).trace(episode))
        table = load_scaffold(episode.scaffold_source, trace.header["info"]["game"]).memory.table
        found.append(
            (episode, result, read_turns(trace, episode, table, result.progression or 0.0, 0.5))
        )
    return found


@pytest.fixture(scope="session")
def read(request) -> Callable[[str], list[Read]]:
    """Reads a run by the name of its fixture, once."""
    known: dict[str, list[Read]] = {}

    def of(name: str) -> list[Read]:
        if name not in known:
            known[name] = read_run(request.getfixturevalue(name))
        return known[name]

    return of
