"""What the first ``info`` of an episode tells, with or without all of it."""

import pytest

from agents.dialogue.introduction import Introduction

TOLD = {"game": "G", "instructions": "Go.", "actions": ("n", "s"), "default_action": "n"}


def test_what_the_environment_tells_is_what_a_prompt_can_show():
    introduction = Introduction.of({**TOLD, "vocabulary": ("READ",), "game_step": 0, "turn": 0})
    assert introduction.facts == TOLD
    assert introduction.vocabulary == ("READ",)
    assert introduction.names.match("N") == "n"


def test_an_environment_may_tell_nothing():
    introduction = Introduction.of({"game_step": 0})
    assert introduction.facts == {**dict.fromkeys(TOLD, ""), "actions": ()}
    assert introduction.vocabulary is None
    assert introduction.names is None


def test_an_environment_without_a_memory_is_told_what_to_do() -> None:
    with pytest.raises(ValueError, match="has no memory; wrap it in"):
        Introduction.of({})
