from __future__ import annotations

from dataclasses import replace

from agents.model import ModelSpec
from benchmarks.episode import Episode


def spec(**options: object) -> dict[str, object]:
    return ModelSpec("messages", "m", options=options).to_json()


def test_an_episode_without_models_keeps_the_digest_that_it_had_before_there_were_any() -> None:
    assert Episode("Env", 1).digest == "1d295d2c56dd87e44c0c9d1d002322df"


def test_models_scaffold_and_weights_decide_how_an_episode_goes_and_manners_do_not() -> None:
    plain = Episode("Env", 1)
    episode = Episode("Env", 1, models={"agent": spec(timeout=5)}, scaffold="abc")
    assert episode.digest != plain.digest
    for other in (
        replace(episode, scaffold="abd"),
        replace(episode, weights={"agent": "1"}),
        replace(episode, models={"agent": spec(base_url="http://x")}),
        replace(episode, models={"agent": {**spec(), "name": "n"}}),
        replace(episode, models={"agent": {**spec(), "sampling": {"temperature": 0.0}}}),
        replace(episode, models={"gameplay": spec(timeout=5)}),
    ):
        assert other.digest != episode.digest
    for same in (
        replace(episode, models={"agent": spec(timeout=900, retries=1, concurrency=2)}),
        replace(episode, scaffold_source="elsewhere", trust_hooks=True),
    ):
        assert same.digest == episode.digest
