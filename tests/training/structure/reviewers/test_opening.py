from __future__ import annotations

import pytest

from agents.model import ModelSetupError, Sampling
from training.structure.reviewers.failure import ReviewFailed
from training.structure.reviewers.heuristic.reviewer import HeuristicReviewer
from training.structure.reviewers.model_reviewer import ModelReviewer
from training.structure.reviewers.opening import open_reviewer, reviewer_spec


def test_a_model_is_asked_with_room_for_whole_files():
    spec = reviewer_spec("claude-opus-5-5")
    assert (spec.backend, spec.name) == ("messages", "claude-opus-5-5")
    assert spec.sampling.max_tokens == 16_384
    assert spec.options == {"cache": "conversation"}
    spec = reviewer_spec("messages:m", Sampling(max_tokens=100), {"cache": "off", "retries": 1})
    assert spec.sampling.max_tokens == 100
    assert spec.options == {"cache": "off", "retries": 1}


def test_a_model_is_opened_with_its_arguments(server):
    given = {"base_url": server.url, "calls": 5, "temperature": 0.5}
    with open_reviewer("messages:m", given) as reviewer:
        assert isinstance(reviewer, ModelReviewer)


def test_the_heuristic_one():
    with open_reviewer("heuristic") as reviewer:
        assert isinstance(reviewer, HeuristicReviewer)


def test_a_class_of_the_users_own(monkeypatch, tmp_path, review):
    source = """
from training.structure.attempt import Revision

class Mine:
    def __init__(self, title):
        self.title = title

    def revise(self, review):
        return Revision({}, self.title, "an analysis", "a method") if self.title else None
"""
    (tmp_path / "my_reviewer.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    assert reviewer_spec("my_reviewer:Mine") is None
    with open_reviewer("my_reviewer:Mine", {"title": "Notes"}) as reviewer:
        assert reviewer.revise(review).title == "Notes"
    with open_reviewer("my_reviewer:Mine", {"title": ""}) as reviewer:
        assert reviewer.revise(review) is None
    # Its words are checked as those of a model are.
    with (
        open_reviewer("my_reviewer:Mine", {"title": "\x1b[2J"}) as reviewer,
        pytest.raises(ReviewFailed, match=r"title holds U\+001B"),
    ):
        reviewer.revise(review)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("heuristics", {}, "there is no 'heuristics'. Did you mean 'heuristic'"),
        ("heuristic", {"calls": 3}, "--reviewer heuristic: "),
        ("no_such_module:Mine", {}, "No module named"),
        ("messages:m", {"calls": 0, "base_url": "http://127.0.0.1:9"}, "whole number from 1"),
    ],
)
def test_what_cannot_be_opened(name, arguments, words):
    with pytest.raises(ValueError, match=words), open_reviewer(name, arguments):
        pass


def test_a_model_without_tools_is_refused():
    with pytest.raises(ModelSetupError, match="cannot call tools"), open_reviewer("scripted:"):
        pass
