"""Whole proposals: an engine behind the real SDK, on a server of our own."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import replace

import pytest
from model_server import Answer, ModelServer, Status
from scripted_reviewer import Scripted, results, use

from agents.accounting import Budget, Prices, account_in
from agents.model import BudgetSpentError, ModelError
from training.proficiency.engines import Halving, ProposalFailed
from training.proficiency.engines.model_engine import ModelEngine
from training.proficiency.engines.opening import open_engine
from training.proficiency.recipe import Recipe
from training.proficiency.trial import Trial
from training.structure.reviewers.calls import CALLS, read_calls
from training.structure.reviewers.settings import Settings
from training.structure.reviewers.worker import Worker
from training.structure.stopped import SearchStoppedError

PRICES = '[[price]]\nmodels = ["m"]\ninput = 10.0\ncached = 1.0\nwritten = 12.0\noutput = 50.0\n'
USAGE = {"input_tokens": 900, "cache_read_input_tokens": 100, "output_tokens": 50}
COST = (900 * 10 + 100 * 1 + 50 * 50) / 1e6

BAD_CODE = "def judge(turns):\n    return [{'score': 'high'} for turn in turns]\n"
CODE = """
def judge(turns):
    found = []
    for turn in turns:
        writes = [it for it in turn["commands"] if it["mutates"]]
        later = [it for it in writes if it["read_after"] is not None]
        veto = "LOG acts" if turn["routine"] == "log" and turn["action"] else ""
        found.append({"score": 1 + len(later), "reasons": ["read later"] * bool(later),
                      "veto": veto})
    return found
"""
WRITTEN = 'selector = "selector.py"\nleast_score = 1.5\n'
RECIPE = {
    "title": "What is read later counts\nabove all",
    "reason": "Notes that nobody finds are no use.",
    "selection": WRITTEN,
    "lora": "rank = 8\nalpha = 16",
}
#: It looks around, writes a selector that is wrong, mends it, and so it does with the recipe.
ANSWERS = (
    [use("trials"), use("criteria"), use("reference", {"topic": "selector"})],
    [use("turns", {"what": "blind_write", "routine": "log"}), use("turn", {"number": 2})],
    [use("write_selector", {"code": BAD_CODE}), use("try_selection", {"selection": WRITTEN}, 1)],
    [use("write_selector", {"code": CODE}), use("try_selection", {"selection": WRITTEN}, 1)],
    [use("propose", {**RECIPE, "lora": "rnk = 8"})],
    [use("propose", RECIPE)],
)


def react(body):
    turn = sum(message["role"] == "assistant" for message in body["messages"])
    return Answer(blocks=tuple(ANSWERS[turn]), usage=USAGE)


@pytest.fixture
def server():
    with ModelServer(react) as running:
        yield running


@pytest.fixture
def prices(tmp_path) -> Prices:
    path = tmp_path / "prices.toml"
    path.write_text(PRICES)
    return Prices.load(path)


@pytest.fixture
def opened(server, prices, tmp_path):
    @contextmanager
    def open_it(name="messages:m", budget=Budget, **arguments):
        given = {"base_url": server.url, "backoff": 0.01, "retries": 0, **arguments}
        with open_engine(name, given, tmp_path / "engine.jsonl", prices, budget) as engine:
            yield engine

    return open_it


def propose(ledger, *answers, **settings):
    model = Scripted(*answers)
    return ModelEngine(Worker(model, settings=Settings(**settings))).propose(ledger), model


def told(ledger, name, given=None):
    """What one tool answers, and whether it was an error."""
    (ledger.folder / CALLS).unlink(missing_ok=True)
    stop = [use("stop", {"reason": "enough"})]
    _, model = propose(ledger, [use(name, given)], stop)
    (result,) = results(model.asked[1])
    return result["content"], result.get("is_error", False)


@pytest.fixture
def past(ledger, tmp_path):
    """A ledger with one trial that was played, and one that failed."""
    folder = tmp_path / "selection"
    folder.mkdir()
    (folder / "REPORT.md").write_text("# Kept\n" + "a line of the report\n" * 1_000)
    played = Trial(
        1,
        Recipe("the default", selector_source="def judge(turns): ..."),
        "turned down",
        "not better enough",
        data={"kept": {"log": 12}},
        training={"held_out_loss": 0.5},
        scores={"own": {"31000": 0.25, "31001": 0.5}, "parent": {"31000": 0.375}},
        measures={"own": {"redundant_writes": 0.125}},
    )
    failed = Trial(2, Recipe("too strict"), "failed", "nothing is left of 180 answers")
    return replace(ledger, trials=(played, failed), selections={1: folder})


def test_a_proposal_over_http(ledger, server, opened, tmp_path):
    with opened() as engine:
        recipe = engine.propose(ledger)
    assert recipe.title == "What is read later counts above all"
    assert recipe.reason == RECIPE["reason"]
    assert recipe.selector_source == CODE
    assert (recipe.selection.selector, recipe.selection.least_score) == ("selector.py", 1.5)
    assert (recipe.lora.rank, recipe.lora.alpha) == (8, 16)
    bodies = [request.body for request in server.requests]
    assert len(bodies) == len(ANSWERS)
    assert bodies[0]["system"][0]["text"].startswith("You propose how a memory specialist")
    assert "trial 1 of at most 7" in bodies[0]["messages"][0]["content"][0]["text"]
    trials, criteria, selector = results(bodies[1])
    assert "no trial was made yet" in trials["content"]
    assert 'name = "read_later"' in criteria["content"]
    assert "judge(turns)" in selector["content"]
    listed, full = results(bodies[2])
    assert "written blindly into a file with text" in listed["content"]
    assert "## system message of the conversation" in full["content"]
    # A selector that is wrong is not there.
    bad, untried = results(bodies[3])
    assert bad["is_error"]
    assert "a verdict is" in bad["content"]
    assert untried["is_error"]
    assert "write_selector writes it" in untried["content"]
    good, tried = results(bodies[4])
    assert "selector.py is written, and judged 180 answers" in good["content"]
    assert '"read later"' in tried["content"]
    assert '"scored less than 1.5"' in tried["content"]
    assert '"shown"' not in tried["content"]
    (refused,) = results(bodies[5])
    assert refused["is_error"]
    assert "has no 'rnk'. Did you mean 'rank'?" in refused["content"]
    # Nothing of where it runs is told.
    assert str(tmp_path) not in json.dumps(bodies)
    assert len(read_calls(ledger.folder / CALLS)) == len(ANSWERS)
    assert account_in(tmp_path / "engine.jsonl", "proposal 001").cost == pytest.approx(6 * COST)
    line = json.loads((tmp_path / "engine.jsonl").read_text().split("\n")[0])
    assert (line["role"], line["episode"]) == ("engine", "proposal 001")


def test_a_proposal_through_chat_completions(ledger, server, opened):
    with opened("completions:m") as engine:
        assert engine.propose(ledger).selector_source == CODE
    refused = server.requests[5].body["messages"][-1]
    assert refused["role"] == "tool"
    assert "Did you mean 'rank'?" in refused["content"]


@pytest.mark.parametrize("answered", [1, 4, len(ANSWERS)])
def test_an_interrupted_proposal_goes_on_without_asking_again(ledger, server, opened, answered):
    with opened() as engine:
        whole = engine.propose(ledger)
    path = ledger.folder / CALLS
    recorded = path.read_bytes()
    path.write_bytes(b"".join(recorded.splitlines(keepends=True)[:answered]))
    server.forget()
    with opened() as engine:
        assert engine.propose(ledger) == whole
    assert len(server.requests) == len(ANSWERS) - answered
    assert path.read_bytes().count(b"\n") == len(ANSWERS)


def test_the_budget_is_asked_anew_before_each_proposal(ledger, server, opened):
    allowed = [Budget(usd=1.5 * COST), Budget(usd=1.5 * COST), Budget(usd=100.0)]
    with opened(budget=lambda: allowed.pop(0)) as engine:
        with pytest.raises(BudgetSpentError):
            engine.propose(ledger)
        assert len(server.requests) == 2
        assert engine.propose(ledger).title
    assert len(server.requests) == len(ANSWERS)
    assert allowed == []


def test_a_server_that_fails_is_no_failed_proposal(ledger, server, opened):
    server.script(Status(500))
    with opened() as engine:
        with pytest.raises(ModelError):
            engine.propose(ledger)
        assert engine.propose(ledger).title


def test_an_engine_that_does_not_finish_has_failed(ledger):
    with pytest.raises(ProposalFailed, match="the engine was asked 3 times, and did not finish"):
        propose(ledger, [use("criteria")], calls=3)
    with pytest.raises(ProposalFailed, match="2 times without calling a tool"):
        propose(ledger, [{"type": "text", "text": "Done."}], reminders=1)


def test_nothing_more_to_try(ledger):
    recipe, model = propose(ledger, [use("stop", {"reason": " "})], [use("stop", {"reason": "x"})])
    assert recipe is None
    assert "reason is empty" in results(model.asked[1])[0]["content"]


def test_the_trials(past):
    _, model = propose(past, [use("trials")], [use("stop", {"reason": "x"})])
    begin = model.asked[0]["messages"][0]["content"][0]["text"]
    line = "001 turned down, mean score 0.3750: the default | not better enough"
    assert "trial 3 of at most 7" in begin
    assert line in begin
    assert line in results(model.asked[1])[0]["content"]
    text, _ = told(past, "trial", {"number": 1})
    for part in ("rank = 16", "def judge(turns): ...", '"log": 12', '"held_out_loss": 0.5'):
        assert part in text
    assert "31000: 0.25, 0.375\n31001: 0.5, -" in text
    assert "redundant_writes: 0.125, -" in text
    assert told(past, "trial", {"number": 3}) == ("there is no trial 3; there were 2", True)


def test_the_report_of_a_selection_comes_page_by_page(past):
    text, _ = told(past, "selection_report", {"trial": 1})
    assert "# Kept" in text
    offset = int(text.rpartition("offset=")[2].rstrip("]"))
    more, error = told(past, "selection_report", {"trial": 1, "offset": offset})
    assert "a line of the report" in more
    assert not error
    refused = ("nothing was selected in trial 2", True)
    assert told(past, "selection_report", {"trial": 2}) == refused
    (past.selections[1] / "REPORT.md").unlink()
    assert told(past, "selection_report", {"trial": 1})[1]


def test_answers_come_a_few_at_a_time(ledger):
    text, _ = told(ledger, "turns")
    assert "180 of 180 answers" in text
    assert text.count("# answer ") == 8
    text, _ = told(ledger, "turns", {"first": 177})
    assert text.count("# answer ") == 4
    assert "# answer 180: " in text
    text, _ = told(ledger, "turns", {"what": "read_later", "shape": "log 2"})
    assert "never found later" not in text.split("\n\n")[1]
    assert told(ledger, "turns", {"first": 181})[1]
    text, error = told(ledger, "turns", {"shape": "log 9"})
    assert "no answer is like that; the shapes are log 1" in text
    assert error
    assert told(ledger, "turn", {"number": 0})[1]


def test_a_recipe_that_was_tried_is_refused(ledger):
    tried = Trial(1, Recipe("x", "y"), "turned down", "no better")
    given = {"title": "again", "reason": "perhaps"}
    text, error = told(replace(ledger, trials=(tried,)), "propose", given)
    assert (text, error) == ("trial 1 had the same recipe: turned down", True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": " "}, "title has 1 characters"),
        ({"reason": "x" * 5_000}, "reason has 5,000 characters"),
        ({"title": "\ud800"}, "surrogates not allowed"),
        ({"selection": "least_score ="}, "selection is no TOML"),
        ({"lora": "x = " + "[" * 20_000}, "lora is no TOML"),
        ({"selection": "[selection]\nmost = 3"}, "a selection has no 'selection'"),
        ({"selection": "least_scor = 1"}, "Did you mean 'least_score'"),
        ({"selection": "most = 1" + "0" * 400}, "too large"),
        ({"selection": "least_score = 1e9"}, "nothing is left of 180 answers"),
        ({"selection": "least_score = nan"}, "least_score is a number"),
        ({"selection": "least_episodes = 3"}, "at least 3 are asked for"),
        ({"selection": "selector_arg = {fond = 1}"}, "no criterion 'fond'"),
        ({"selection": "selector_arg = {found = nan}"}, "a finite number"),
        ({"selection": 'selector = "random"\nselector_arg = {seed = 1979-05-27}'}, "TOML has no"),
        ({"selection": 'selector = "subprocess:run"'}, "selector is one of criteria, random"),
        ({"selection": 'selector = "/etc/passwd.py"'}, "selector is one of criteria, random"),
        ({"selection": 'selector = "selector.py"'}, "no selector.py yet"),
        ({"lora": "rank = 4096"}, "rank is 1 to 512"),
        ({"lora": "alpha = 1" + "0" * 400}, "alpha is above 0"),
        ({"lora": "schedule = [1]"}, "schedule is one of"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(ledger, changes, says):
    text, error = told(ledger, "propose", {"title": "t", "reason": "r", **changes})
    assert error
    assert says in text


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def judge(turns): return []", "a verdict for each of the"),
        ("def judge(turns): return [{'score': 10**400} for _ in turns]", "a verdict is"),
        ("def judge(turns): open('/etc/passwd')", "in judge"),
        ("def judges(turns): ...", "it does not define judge"),
        ("def judge(", "selector.py: line 1"),
        ("x = '\ud800'", "surrogates not allowed"),
        ("#" * 50_001, "50,001 characters"),
    ],
)
def test_a_selector_that_cannot_judge_is_refused(ledger, code, says):
    text, error = told(ledger, "write_selector", {"code": code})
    assert error
    assert says in text
    assert not (ledger.folder / "selector.py").exists()


def test_a_selector_that_was_written_stays_when_the_next_one_is_wrong(ledger):
    steps = [[use("write_selector", {"code": code})] for code in (CODE, BAD_CODE)]
    recipe, _ = propose(ledger, *steps, [use("propose", RECIPE)])
    assert recipe.selector_source == CODE


def test_a_trace_that_was_edited_is_no_fault_of_the_model(ledger, tmp_path):
    """It could ask for ever, and would be told a path of this machine."""
    run = shutil.copytree(ledger.collection, tmp_path / "edited")
    for path in run.glob("episodes/**/trace.jsonl"):
        header, first, *rest = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([header, first.replace(b"SEARCH", b"search", 1), *rest]))
    for name, given in (("turns", {}), ("try_selection", {}), ("write_selector", {"code": CODE})):
        with pytest.raises(SearchStoppedError, match="its checksum does not fit"):
            told(replace(ledger, collection=run), name, given)


def test_engines_by_name(tmp_path, prices):
    def opened(name, **arguments):
        return open_engine(name, arguments, tmp_path / "engine.jsonl", prices, Budget)

    with opened("halving", rungs=1) as engine:
        assert isinstance(engine, Halving)
    with opened("training.proficiency.engines.halving:Halving") as engine:
        assert isinstance(engine, Halving)
    for name, arguments, says in (
        ("halfing", {}, "there are halving"),
        ("no.such.module:Engine", {}, "no.such.module:Engine"),
        ("halving", {"rung": 1}, "unexpected keyword argument 'rung'"),
        ("messages:m", {"calls": 0}, "calls is a whole number"),
    ):
        with pytest.raises(ValueError, match=says), opened(name, **arguments):
            pass
