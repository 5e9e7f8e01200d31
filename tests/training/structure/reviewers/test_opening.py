from __future__ import annotations

import pytest

from agents.model import ModelSetupError, Sampling
from training.structure.reviewers import ModelReviewer, open_reviewer, reviewer_spec


def test_a_model_is_asked_with_room_for_whole_files():
    spec = reviewer_spec("claude-opus-5-5")
    assert (spec.backend, spec.name) == ("messages", "claude-opus-5-5")
    assert spec.sampling.max_tokens == 16_384
    assert spec.options == {"cache": "conversation"}
    spec = reviewer_spec("messages:m", Sampling(max_tokens=100), {"cache": "off", "retries": 1})
    assert spec.sampling.max_tokens == 100
    assert spec.options == {"cache": "off", "retries": 1}


def test_a_reviewer_is_opened(server):
    spec = reviewer_spec("messages:m", options={"base_url": server.url})
    reviewer = open_reviewer(spec)
    assert isinstance(reviewer, ModelReviewer)
    reviewer.close()
    reviewer.close()


def test_a_class_of_the_users_own(monkeypatch, tmp_path):
    (tmp_path / "my_reviewer.py").write_text("class Mine:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert reviewer_spec("my_reviewer:Mine") is None
    assert type(open_reviewer("my_reviewer:Mine")).__name__ == "Mine"
    with pytest.raises(ValueError, match="has no Yours"):
        open_reviewer("my_reviewer:Yours")
    with pytest.raises(ImportError):
        open_reviewer("no_such_module:Mine")


def test_a_model_without_tools_is_refused():
    with pytest.raises(ModelSetupError, match="cannot call tools"):
        open_reviewer("scripted")
