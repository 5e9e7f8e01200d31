"""Naming a model on a command line, and carrying it as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.model import ModelSpec, Sampling
from agents.model.spec import BACKENDS


@pytest.mark.parametrize(
    ("text", "backend", "name"),
    [
        ("local:weights/base", "local", "weights/base"),
        ("weights/base", "local", "weights/base"),
        ("Qwen/Qwen2.5-32B-Instruct", "local", "Qwen/Qwen2.5-32B-Instruct"),
        ("claude-opus-4-5", "messages", "claude-opus-4-5"),
        ("messages:specialist", "messages", "specialist"),
        ("completions:qwen2.5:7b", "completions", "qwen2.5:7b"),
        ("C:weights", "local", "C:weights"),
        ("scripted", "scripted", ""),
        ("scripted:consult=0.5", "scripted", "consult=0.5"),
        ("recorded:runs/pair", "recorded", "runs/pair"),
    ],
)
def test_a_model_is_named_by_backend_and_name(text: str, backend: str, name: str) -> None:
    spec = ModelSpec.parse(text)
    assert (spec.backend, spec.name) == (backend, name)


@pytest.mark.parametrize("text", ["", " ", "local:", "recorded", "messages:"])
def test_a_name_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no model"):
        ModelSpec.parse(text)


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(ValueError, match=r"there is no backend 'loca'. Did you mean 'local'\?"):
        ModelSpec("loca", "weights")


@given(
    st.sampled_from(BACKENDS),
    st.text(min_size=1),
    st.floats(0, 10),
    st.dictionaries(st.text(), st.integers()),
)
def test_a_spec_survives_as_plain_data(
    backend: str, name: str, temperature: float, options: dict[str, int]
) -> None:
    spec = ModelSpec(backend, name, "adapter", Sampling(temperature), options)
    assert ModelSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    "wrong", [{"temperature": -1}, {"temperature": float("nan")}, {"top_p": 0}, {"max_tokens": 0}]
)
def test_sampling_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Sampling(**wrong)  # type: ignore[arg-type]
