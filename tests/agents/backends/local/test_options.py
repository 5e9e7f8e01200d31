import pytest

from agents.backends.local.options import LocalOptions
from agents.model import ModelSetupError


def test_what_is_left_away_has_a_default() -> None:
    options = LocalOptions.read({"load_in": "4bit", "batch": 4})
    assert (options.load_in, options.batch, options.device) == ("4bit", 4, "auto")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cache_byte": 3}, r"no option 'cache_byte'. Did you mean 'cache_bytes'\?"),
        ({"load_in": "4-bit"}, r"one of 4bit, 8bit, not '4-bit'. Did you mean '4bit'\?"),
        ({"dtype": "int8"}, "dtype is one of auto, float32"),
        ({"attention": "flash_attention_2"}, "attention is one of auto, sdpa, eager"),
        ({"batch": 0}, "batch is a number, 1 or more, not 0"),
        ({"batch": True}, "batch is a number"),
        ({"context": "4k"}, "context is a number, 16 or more, not '4k'"),
        ({"cache_bytes": -1}, "cache_bytes is a number, 0 or more"),
        ({"any_base": "yes"}, "any_base is true or false"),
        ({"template_options": "thinking"}, "template_options is a table"),
        ({"chat_template": 3}, "chat_template is a text"),
    ],
)
def test_an_option_that_cannot_be_is_explained(options, words) -> None:
    with pytest.raises(ModelSetupError, match=words):
        LocalOptions.read(options)


@pytest.mark.parametrize(
    ("force", "words"),
    [("claude-x", "force names a scripted model"), ({"model": "x"}, "names no model")],
)
def test_only_a_scripted_model_can_force(spec, opened, force, words) -> None:
    with pytest.raises(ModelSetupError, match=words):
        opened({"agent": spec(force=force)})
