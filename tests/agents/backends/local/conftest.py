"""One tiny random base with two adapters and an activated one, and models on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.backends.local import open_models
from agents.backends.local.model import LocalModel
from agents.backends.local.random_weights import build
from agents.model import Message, ModelSpec, Sampling

#: What the tokenizer of the tests is trained on.
TEXTS = [
    "You play a game. Write one command, such as <|ACTION|>far east<|END|>.",
    "<|SEARCH|>notes.md|stairs<|END|> <|APPEND|>notes.md|stairs down in the east<|END|>",
    "You see a wall, a door, a grid bug and some stairs down, three steps to the north.",
]
SYSTEM = Message("system", "You play a game. Write one command. " * 8)

Open = Callable[..., dict[str, LocalModel]]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("models") / "tiny"
    build(directory, "tiny", seed=1, texts=TEXTS, activated=True)
    # The same base, so that only the adapter is another one.
    other = build(tmp_path_factory.mktemp("others") / "tiny", "tiny", seed=7, texts=TEXTS)
    (other / "adapter").rename(directory / "other")
    return directory


@pytest.fixture
def spec(base: Path) -> Callable[..., ModelSpec]:
    """Makes a specification: of the base, or of it with one of its adapters."""

    def make(adapter: str = "", tokens: int = 24, temperature: float = 0.0, **options) -> ModelSpec:
        top_p = options.pop("top_p", 1.0)
        return ModelSpec(
            "local",
            str(base),
            str(base / adapter) if adapter else "",
            Sampling(temperature=temperature, top_p=top_p, max_tokens=tokens),
            {"device": "cpu", **options},
        )

    return make


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens models, and closes them after the test."""
    models: list[LocalModel] = []

    def open_all(specs, force=None) -> dict[str, LocalModel]:
        made = open_models(specs, force)
        models.extend(made.values())
        return made

    yield open_all
    for model in models:
        model.close()
