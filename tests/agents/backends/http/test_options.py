"""Options are checked where they are read, and messages tell what is allowed."""

from typing import Any

import pytest

from agents.backends.http.options import read_options, sampling_fields
from agents.model import ModelSetupError, ModelSpec, Sampling


def test_all_of_them_are_read() -> None:
    options = {
        "base_url": "http://localhost:8000",
        "api_key_env": "KEY",
        "timeout": 5,
        "retries": 0,
        "patience": 1.5,
        "backoff": 0,
        "concurrency": 3.0,
        "stream": True,
        "cache": "conversation",
        "sampling": "never",
        "extra": {"top_k": 20},
    }
    server, request = read_options(ModelSpec("messages", "m", options=options))
    assert (server.timeout, server.retries, server.concurrency) == (5.0, 0, 3)
    assert (request.stream, request.cache, request.extra) == (True, "conversation", {"top_k": 20})


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"base_ulr": "x"}, "no option 'base_ulr'. Did you mean 'base_url'"),
        ({"base_url": "localhost:8000"}, "an address such as http"),
        ({"base_url": "http://"}, "an address such as http"),
        ({"base_url": "http://my server/"}, "an address such as http"),
        ({"base_url": "http://[::1"}, "an address such as http"),
        ({"base_url": "http://localhost:80x"}, "an address such as http"),
        ({"extra": {"a": float("nan")}}, "extra is no JSON"),
        ({"base_url": 8000}, "base_url is text, not 8000"),
        ({"timeout": 0}, "timeout is above 0"),
        ({"timeout": "5"}, "timeout is a number, not '5'"),
        ({"timeout": True}, "timeout is a number"),
        ({"retries": -1}, "retries is at least 0"),
        ({"retries": 1.5}, "retries is a whole number"),
        ({"concurrency": float("inf")}, "concurrency is a whole number"),
        ({"stream": "yes"}, "stream is true or false"),
        ({"cache": "on"}, "one of system, conversation, off"),
        ({"sampling": 1}, "one of auto, always, never"),
        ({"extra": "x"}, "extra is a mapping"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ModelSetupError, match=problem):
        read_options(ModelSpec("messages", "m", options=options))


def test_an_adapter_is_the_servers_affair() -> None:
    with pytest.raises(ModelSetupError, match="--lora-modules specialist=lora"):
        read_options(ModelSpec("messages", "m", adapter="lora"))


def test_sampling_is_sent_where_it_is_taken() -> None:
    neutral, warm = Sampling(), Sampling(temperature=0.7)
    assert sampling_fields(neutral, "auto", own_server=False) == {}
    assert sampling_fields(warm, "auto", own_server=False) == {"temperature": 0.7}
    assert sampling_fields(neutral, "auto", own_server=True) == {"temperature": 1, "top_p": 1}
    assert sampling_fields(neutral, "always", own_server=False) == {"temperature": 1, "top_p": 1}
    assert sampling_fields(warm, "never", own_server=True) == {}
