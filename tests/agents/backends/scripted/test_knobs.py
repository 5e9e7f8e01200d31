import math

import pytest

from agents.backends import open_models
from agents.backends.scripted import Knobs
from agents.model import ChatModel, ModelSetupError, ModelSpec, Sampling


def opened(text: str, **options: object) -> ChatModel:
    return open_models({"agent": ModelSpec.parse(text, options=options)})["agent"]


def test_opens_one_model_a_role():
    specs = {role: ModelSpec.parse("scripted") for role in ("specialist", "gameplay")}
    models = open_models(specs)
    assert models.keys() == specs.keys()
    assert all(isinstance(model, ChatModel) for model in models.values())
    for model in models.values():
        model.close()
        model.close()


def test_without_knobs_it_has_no_bad_habits():
    model = opened("scripted")
    assert model.name == "scripted"
    assert model.knobs == Knobs()


def test_knobs_stand_in_the_name_or_in_the_options():
    model = opened("scripted:consult=0.5, blind=.25", slip=1)
    assert model.knobs == Knobs(consult=0.5, blind=0.25, slip=1)


def test_the_name_tells_the_knobs_that_are_set_and_opens_the_same_model():
    model = opened("scripted", slip=0.125, consult=1)
    assert model.name == "scripted:slip=0.125"
    assert opened(model.name).knobs == model.knobs


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("scripted:consul=1", {}, "Did you mean 'consult'"),
        ("scripted", {"forgets": 1}, "Did you mean 'forget'"),
        ("scripted:expert", {}, "KNOB=VALUE"),
        ("scripted:blind=often", {}, "a number in [0, 1], not 'often'"),
        ("scripted:blind=1.5", {}, "blind is in [0, 1], not 1.5"),
        ("scripted:blind=nan", {}, "blind is in [0, 1]"),
        ("scripted", {"slip": -math.inf}, "slip is in [0, 1]"),
        ("scripted", {"slip": True}, "slip is a number"),
        ("scripted", {"slip": "0.5"}, "slip is a number"),
        ("scripted:slip=1", {"slip": 1}, "slip is set twice"),
        ("scripted:slip=1,slip=0", {}, "slip is set twice"),
    ],
)
def test_a_wrong_knob_is_told_with_what_is_right(text, options, says):
    with pytest.raises(ModelSetupError) as problem:
        opened(text, **options)
    assert says in str(problem.value)


def test_there_is_nothing_to_adapt():
    with pytest.raises(ModelSetupError, match="takes no adapter"):
        open_models({"agent": ModelSpec.parse("scripted", adapter="lora")})


def test_a_long_answer_is_cut(heard):
    conversations = [messages for messages, _, text in heard["Crafter"] if len(text.split()) > 9]
    spec = ModelSpec("scripted", sampling=Sampling(max_tokens=9))
    model = open_models({"agent": spec})["agent"]
    for messages in conversations:
        completion = model.generate(messages, 0)
        whole = opened("scripted").generate(messages, 0)
        assert whole.text.startswith(completion.text)
        assert (completion.stop_reason, completion.usage.output_tokens) == ("length", 9)
        assert whole.stop_reason == "end"


def test_usage_counts_words(heard):
    for messages, seed, _ in heard["NetHack"][:20]:
        completion = opened("scripted").generate(messages, seed)
        words = sum(len(message.text.split()) for message in messages)
        assert completion.usage.input_tokens == words
        assert completion.usage.output_tokens == len(completion.text.split())
        assert completion.usage.cached_tokens == 0
        assert completion.latency > 0
