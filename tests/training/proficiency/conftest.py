"""A tiny base, a data set, and trainings on them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.backends.local.random_weights import build
from agents.model import ModelSpec, Sampling
from training.proficiency.example import write_examples
from training.proficiency.trainer import Training, train

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
