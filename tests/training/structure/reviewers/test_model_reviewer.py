"""Whole reviews, with a scripted model and over HTTP."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from model_server import Drop, Status
from scripted_reviewer import ANSWERS, BAD, DONE, GOOD, Scripted, results, use

from agents.accounting import Budget, Prices, account_in
from agents.model import (
    BudgetSpentError,
    ContextTooLongError,
    ModelError,
    ToolCompletion,
    Usage,
)
from training.structure.reviewers.calls import CALLS, read_calls
from training.structure.reviewers.failure import ReviewFailed
from training.structure.reviewers.model_reviewer import ModelReviewer, spent
from training.structure.reviewers.opening import open_reviewer, reviewer_spec
from training.structure.reviewers.settings import Settings

PRICES = """
[[price]]
models = ["m"]
input = 10.0
cached = 1.0
written = 12.0
output = 50.0
"""


class Killed(BaseException):
    """As if the process had been killed."""


@pytest.fixture
def prices(tmp_path) -> Prices:
    path = tmp_path / "prices.toml"
    path.write_text(PRICES)
    return Prices.load(path)


@pytest.fixture
def spec(server):
    options = {"base_url": server.url, "backoff": 0.01, "retries": 2}
    return reviewer_spec("messages:m", options=options)


def revise(review, *answers, **settings):
    model = Scripted(*answers)
    return ModelReviewer(model, settings=Settings(**settings)).revise(review), model


def test_a_review_over_http(review, server, spec, prices, tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    server.script(Status(529, "overloaded"), Drop())
    with open_reviewer("messages:m", spec.options, ledger, prices) as reviewer:
        revision = reviewer.revise(review)
    assert revision.title == DONE["title"]
    assert revision.files == {**review.scaffold, "memory/strategy.md": GOOD["text"]}
    bodies = [request.body for request in server.requests[2:]]
    assert len(bodies) == len(ANSWERS)
    assert bodies[0]["system"][0]["text"].startswith("You revise the structure")
    assert {tool["name"] for tool in bodies[0]["tools"]} >= {"step", "memory", "finish"}
    assert "mean progression of 0.5000" in bodies[0]["messages"][0]["content"][0]["text"]
    first, second = results(bodies[1])
    assert "scaffold/scaffold.toml" in first["content"]
    assert "seed 1" in second["content"]
    assert "memory/strategy.md: says BAD" in results(bodies[4])[1]["content"]
    (refused,) = results(bodies[5])
    assert refused["is_error"]
    assert "not finished" in refused["content"]
    assert len(read_calls(review.folder / CALLS)) == len(ANSWERS)
    total = account_in(ledger)
    assert total.calls == len(ANSWERS)
    cost = len(ANSWERS) * (900 * 10 + 100 * 1 + 50 * 50) / 1e6
    assert total.cost == pytest.approx(cost)
    account = spent(review, spec, prices)
    assert (account.calls, account.cost) == (len(ANSWERS), pytest.approx(cost))
    line = json.loads((tmp_path / "ledger.jsonl").read_text().split("\n")[0])
    assert (line["role"], line["episode"]) == ("reviewer", "review 001")


def test_a_review_through_chat_completions(review, server):
    with open_reviewer("completions:m", {"base_url": server.url}) as reviewer:
        assert reviewer.revise(review).title == DONE["title"]
    refused = server.requests[5].body["messages"][-1]
    assert refused["role"] == "tool"
    assert refused["content"].startswith("error: not finished")


@pytest.mark.parametrize("answered", range(len(ANSWERS) + 1))
def test_a_review_goes_on_after_every_call(review, tmp_path, answered):
    """What was answered is not asked again, and the conversation is the same."""
    whole, _ = revise(replace(review, folder=tmp_path / "whole"), *ANSWERS)
    with pytest.raises(Killed):
        revise(review, *ANSWERS[:answered], Killed()) if answered < len(ANSWERS) else _killed(
            review
        )
    there = (review.folder / CALLS).read_bytes() if answered else b""
    model = Scripted(*ANSWERS[answered:], AssertionError("asked once more"))
    revision = ModelReviewer(model).revise(review)
    assert revision == whole
    assert len(model.asked) == len(ANSWERS) - answered
    kept = (review.folder / CALLS).read_bytes()
    assert kept.startswith(there)
    assert kept == (tmp_path / "whole" / CALLS).read_bytes()


def _killed(review):
    revise(review, *ANSWERS)
    raise Killed


def test_a_torn_line_is_asked_again(review):
    revise(review, *ANSWERS)
    path = review.folder / CALLS
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    _, model = revise(review, ANSWERS[-1])
    assert len(model.asked) == 1
    assert path.read_bytes() == whole


def test_a_server_that_fails_is_no_failed_review(review, server, spec):
    server.script(*[Status(500)] * 3)
    with open_reviewer("messages:m", spec.options) as reviewer:
        with pytest.raises(ModelError):
            reviewer.revise(review)
        assert read_calls(review.folder / CALLS) == []
        assert reviewer.revise(review).title == DONE["title"]


def test_a_budget_ends_a_review_which_goes_on_with_more(review, server, spec, prices, tmp_path):
    def attempt(tokens):
        ledger = tmp_path / "l"
        with open_reviewer(
            "messages:m", spec.options, ledger, prices, lambda: Budget(tokens=tokens)
        ) as reviewer:
            return reviewer.revise(review)

    with pytest.raises(BudgetSpentError):
        attempt(2_000)
    assert len(server.requests) == 2
    with pytest.raises(BudgetSpentError):
        attempt(2_000)
    assert len(server.requests) == 2
    assert attempt(100_000).title == DONE["title"]
    assert len(server.requests) == len(ANSWERS)


def test_a_reviewer_without_tools_is_reminded_then_has_failed(review):
    words = [{"type": "text", "text": "Shall I go on?"}]
    model = Scripted(words)
    reviewer = ModelReviewer(model, settings=Settings(reminders=2))
    for _ in range(2):  # and again when the review is resumed, without a call
        with pytest.raises(ReviewFailed, match="3 times without calling a tool"):
            reviewer.revise(review)
    assert len(model.asked) == 3
    assert "You called no tool" in model.asked[1]["messages"][-1]["content"][0]["text"]


def test_refusals_and_empty_answers_count_as_no_tool(review):
    refused = ToolCompletion(({"type": "text", "text": "No."},), stop_reason="refusal")
    revision, model = revise(review, refused, [], *ANSWERS)
    assert revision.title == DONE["title"]
    roles = [message["role"] for message in model.asked[2]["messages"]]
    assert roles == ["user"], "what was not said is no part of the conversation"


def test_a_reviewer_that_does_not_finish_is_told_so_and_has_failed(review):
    model = Scripted([use("check")])
    with pytest.raises(ReviewFailed, match="asked 5 times, and did not finish"):
        ModelReviewer(model, settings=Settings(calls=5, last_calls=2)).revise(review)
    last = [asked["messages"][-1]["content"][-1] for asked in model.asked]
    assert [block["type"] for block in last] == ["text"] + ["tool_result"] * 2 + ["text"] * 2
    assert last[-2]["text"].startswith("You have 2 messages left")
    assert last[-1]["text"].startswith("You have 1 message left")


def test_wrong_calls_come_back_as_errors(review):
    wrong = [
        use("bash", {"command": "cat /etc/passwd"}),
        use("read_file", {"path": "/etc/passwd"}, 1),
        use("write_file", {"path": "../../x", "text": "x"}, 2),
        use("memory", {"episode": "seed 1", "step": 99}, 3),
        use("read_file", {"path": "reference/hooks.md"}, 4),
    ]
    _, model = revise(review, wrong, *ANSWERS)
    told = results(model.asked[1])
    assert [block.get("is_error", False) for block in told] == [True] * 4 + [False]
    assert [block["tool_use_id"] for block in told] == [block["id"] for block in wrong]


def test_calls_without_ids_of_their_own(review):
    blank = [{**use("check"), "id": ""}, {**use("check"), "id": ""}]
    _, model = revise(review, blank, blank, *ANSWERS)
    ids = [block["tool_use_id"] for asked in model.asked[1:3] for block in results(asked)]
    assert len(set(ids)) == 4


def test_a_call_that_was_cut_is_not_carried_out(review):
    cut = ToolCompletion((use("check"), use("write_file", BAD)), stop_reason="length")
    _, model = revise(review, cut, *ANSWERS)
    told = results(model.asked[1])
    assert "the call was cut" in told[1]["content"]
    assert told[1]["is_error"]
    assert "nothing is wrong" in told[0]["content"]


def test_too_many_calls_at_once(review):
    many = [use("check", {}, number) for number in range(6)]
    _, model = revise(review, many, *ANSWERS, tools_at_once=4)
    told = results(model.asked[1])
    assert [block.get("is_error", False) for block in told] == [False] * 4 + [True] * 2


def long_answers(tokens: int) -> list[ToolCompletion]:
    look = tuple(use("step", {"episode": "seed 1", "step": 9}, n) for n in range(3))
    return [ToolCompletion(look, Usage(tokens, 0, 0, 10)) for _ in range(4)]


def test_a_long_conversation_is_shortened(review):
    answers = [*long_answers(12_000), *ANSWERS]
    revision, model = revise(review, *answers, context_tokens=10_000)
    assert revision.title == DONE["title"]
    texts = [json.dumps(asked["messages"]) for asked in model.asked]
    assert "call the tool again if you need them" not in texts[1]
    assert "call the tool again if you need them" in texts[2]
    assert max(map(len, texts)) < 60_000
    assert all(len(block["content"]) > 5_000 for block in results(model.asked[3]))
    # The same when it is resumed.
    again = Scripted(AssertionError("asked once more"))
    settings = Settings(context_tokens=10_000)
    assert ModelReviewer(again, settings=settings).revise(review) == revision


def test_a_conversation_that_does_not_fit_is_shortened_and_asked_again(review):
    answers = [*long_answers(100), ContextTooLongError(3_000, 2_000), *ANSWERS]
    revision, model = revise(review, *answers)
    assert len(json.dumps(model.asked[5])) < len(json.dumps(model.asked[4]))
    again = Scripted(AssertionError("asked once more"))
    assert ModelReviewer(again).revise(review) == revision


def test_a_review_goes_on_from_one_that_was_turned_down(review, second_review):
    revise(review, *ANSWERS)
    mend = [use("memory", {"run": "failed", "episode": "seed 1", "step": 3})]
    revision, model = revise(second_review, mend, ANSWERS[5], ANSWERS[6])
    first = model.asked[0]["messages"]
    assert first[0]["content"][0]["text"].startswith("The game is MiniHack.")
    assert first[1]["content"][0]["text"] == "I look around."
    ended, verdict = first[-1]["content"]
    assert ended["content"] == "the review had ended"
    assert verdict["text"].startswith("Your revision was tried. The verdict: turned down.")
    assert "0.10 less than its parent" in verdict["text"]
    assert "the run failed" in verdict["text"]
    assert "actions.md" in results(model.asked[1])[0]["content"]
    assert revision.files["memory/strategy.md"] == GOOD["text"]
    again = Scripted(AssertionError("asked once more"))
    assert ModelReviewer(again).revise(second_review) == revision


def test_a_review_goes_on_without_the_conversation(second_review):
    _, model = revise(second_review, ANSWERS[5], ANSWERS[6])
    begin, verdict = model.asked[0]["messages"][0]["content"]
    assert "001 turned down: East first" in begin["text"]
    assert verdict["text"].startswith("This goes on from a revision of the same scaffold")


def test_the_seed_of_a_review_is_that_of_its_calls(review):
    _, model = revise(review, *ANSWERS)
    _, other = revise(replace(review, seed=8, folder=review.folder / "other"), *ANSWERS)
    seeds = [asked["seed"] for asked in model.asked]
    assert len(set(seeds)) == len(seeds)
    assert not set(seeds) & {asked["seed"] for asked in other.asked}
