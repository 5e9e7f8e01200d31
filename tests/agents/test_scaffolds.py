"""The scaffolds that ship with the package, with the games that they are for."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import gymnasium
import pytest

import automem_gym  # noqa: F401  (registers the environments)
import examples.vault  # noqa: F401
from agents.scaffold import Scaffold, load_scaffold
from agents.scaffold.catalogue import shipped
from agents.scaffold.prompts.variables import REJECTIONS
from agents.trial import try_scaffold
from automem_gym.action import ActionNames
from automem_gym.command import CommandParser
from memory_fs import FIELDS, MemoryAction, MemoryStore, form

ENVIRONMENTS = {
    "AutoMem-Crafter-v0": {},
    "AutoMem-MiniHack-MazeWalk-9x9-v0": {},
    "AutoMem-MiniHack-Quest-Easy-v0": {},
    "AutoMem-MiniHack-Boxoban-Medium-v0": {"levels": "generated"},
    "AutoMem-NetHack-v0": {},
    "AutoMem-Vault-v0": {},
}
SEVEN = ("SEARCH", "READ", "TAIL", "COUNT", "APPEND", "WRITE", "CREATE")
#: Of the vocabulary, what PLAN may do.
READING = SEVEN[:4]


@cache
def introduction(environment_id: str) -> dict[str, Any]:
    """The first ``info`` of an environment."""
    env = gymnasium.make(environment_id, **ENVIRONMENTS[environment_id])
    _, info = env.reset(seed=5)
    env.close()
    return info


@pytest.fixture(params=ENVIRONMENTS)
def info(request: pytest.FixtureRequest) -> dict[str, Any]:
    return introduction(request.param)


@pytest.fixture
def scaffold(info: dict[str, Any]) -> Scaffold:
    return load_scaffold("v0", info["game"])


@pytest.fixture(params=["log", "plan"])
def routine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def system(scaffold: Scaffold, routine: str, info: dict[str, Any]) -> str:
    return scaffold.system(routine, info)


def section(text: str, tag: str) -> str:
    found = re.findall(rf"^<{tag}>\n(.*?)\n</{tag}>$", text, re.DOTALL | re.MULTILINE)
    assert len(found) == 1, tag
    return str(found[0])


def part(system: str, routine: str) -> str:
    """What a system message says of one of the routines."""
    found = re.split(r"^## (LOG|PLAN)\n", system, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))[routine.upper()]


def test_there_is_one_for_each_game_and_one_for_any_other() -> None:
    assert {name: load_scaffold(name).game for name in shipped()} == {
        "courier/brief": "Courier",
        "courier/v1": "Courier",
        "crafter/brief": "Crafter",
        "crafter/v0": "Crafter",
        "crafter/v1": "Crafter",
        "crafter/v2": "Crafter",
        "generic/brief": "*",
        "generic/v0": "*",
        "minihack/brief": "MiniHack",
        "minihack/v0": "MiniHack",
        "minihack/v1": "MiniHack",
        "minihack/v2": "MiniHack",
        "nethack/brief": "NetHack",
        "nethack/v0": "NetHack",
        "nethack/v1": "NetHack",
    }


def test_the_starting_agent_has_the_papers_seven_commands(scaffold: Scaffold) -> None:
    assert scaffold.vocabulary == SEVEN
    assert scaffold.routines["log"].operations == SEVEN
    assert scaffold.routines["plan"].operations == READING
    assert [routine.turns for routine in scaffold.routines.values()] == [10, 10]


def test_the_papers_files(scaffold: Scaffold) -> None:
    own = ["map.md", "crafting.md", "survival.md", "actions.md", "strategy.md"]
    terminal = ["rules.md", "symbols.md", "dungeon.md", "encounters.md", "inventory.md"]
    expected = {
        "Crafter": own,
        "NetHack": [*terminal, "actions.md", "strategy.md"],
        "MiniHack": [*terminal, "actions.md", "strategy.md"],
        "*": ["rules.md", "map.md", "actions.md", "strategy.md"],
    }
    assert list(scaffold.memory_files) == expected[scaffold.game]


def test_the_first_files_can_be_read_whole(scaffold: Scaffold) -> None:
    store = MemoryStore(scaffold.memory_config())
    for name in scaffold.memory_files:
        result = store.execute(MemoryAction("READ", name))
        assert result.ok
        assert "[first" not in result.text
    store.close()


def test_a_system_message_holds_what_does_not_change(
    system: str, routine: str, scaffold: Scaffold, info: dict[str, Any]
) -> None:
    assert re.match(rf"# .* {info['game'] or 'this game'}\n", system)
    assert section(system, "instructions") == info["instructions"].strip()
    assert section(system, "actions").split("\n") == list(info["actions"])
    operations = scaffold.memory_config().table
    assert section(system, "commands").split("\n") == [
        f"{form(name)}  {operations[name].summary}" for name in SEVEN
    ]
    assert f"commands: {', '.join(scaffold.routines[routine].operations)}" in part(system, routine)
    assert section(system, "memory_files").split("\n") == [
        f"{name}: {purpose}" for name, purpose in scaffold.memory_files.items()
    ]
    assert "adjacent is 1" in system
    assert "10 replies" in part(system, routine)


def test_both_routines_have_one_system_message(scaffold: Scaffold, info: dict[str, Any]) -> None:
    """So a backend that keeps beginnings reads what the game shows once a step, not twice."""
    assert scaffold.system("log", info) == scaffold.system("plan", info)


def test_a_system_message_is_short(system: str) -> None:
    """What the game itself tells aside; a small model reads it at each step."""
    for tag in ("instructions", "actions"):
        system = system.replace(section(system, tag), "")
    assert 300 < len(system.split()) < 1000
    assert not re.search(r"\n\n\n|[ \t]\n|\{[{%]", system)


def test_examples_are_commands_that_the_routine_has(
    system: str, routine: str, scaffold: Scaffold, info: dict[str, Any]
) -> None:
    parser = CommandParser(ActionNames(info["actions"]), dict(FIELDS))
    commands = parser.read(section(part(system, routine), "example"))
    assert commands.refused == 0
    assert commands.memory
    store = MemoryStore(scaffold.memory_config())
    for command in commands.memory:
        assert isinstance(command, MemoryAction), command
        assert command.op in scaffold.routines[routine].operations
        assert command.file in (*scaffold.memory_files, "*")
        assert store.execute(command).ok
    store.close()
    if routine == "plan":
        assert commands.action in info["actions"]
        assert not commands.done
    else:
        assert commands.action is None
        assert commands.done


def test_the_example_of_plan_does_not_act_where_it_looks_up(
    scaffold: Scaffold, info: dict[str, Any]
) -> None:
    """Who reads it as one reply would learn to act before the results are there."""
    example = section(part(scaffold.system("plan", info), "plan"), "example")
    _, *replies = re.split(r"^Reply \d.*:\n", example, flags=re.MULTILINE)
    parser = CommandParser(ActionNames(info["actions"]), dict(FIELDS))
    looked, acted = map(parser.read, replies)
    assert looked.memory
    assert looked.action is None
    assert not acted.memory
    assert acted.action in info["actions"]


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def trial(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A short game in an environment, with the scaffold that it was played with."""
    env = gymnasium.make(request.param, **ENVIRONMENTS[request.param])
    scaffold = load_scaffold("v0", env.get_wrapper_attr("game_name"))
    yield scaffold, try_scaffold(scaffold, env, seed=5)
    env.close()


def test_all_prompts_come_up_in_a_short_game(trial: Any) -> None:
    _, played = trial
    assert played.problems == []
    assert {(shown.routine, shown.name) for shown in played.rendered if shown.played} == {
        *(("log", name) for name in ("system_log", "log", "results", "last_turn")),
        *(("plan", name) for name in ("system_plan", "plan", "results", "handover")),
        *(("plan", name) for name in ("no_command", "rejected", "last_turn")),
    }


def test_prompts_show_no_command_that_their_reader_does_not_have(trial: Any) -> None:
    scaffold, played = trial
    for shown in played.rendered:
        if shown.name == "results":  # what a model wrote may be there
            continue
        text = shown.text
        if shown.name.startswith("system_"):
            text = part(text, shown.routine)
        marks = set(re.findall(r"<\|([A-Z]+)\|>", text)) - {"END"}
        end = "DONE" if shown.routine == "log" else "ACTION"
        assert marks <= {*scaffold.routines[shown.routine].operations, end}, shown.name


def test_the_first_message_of_a_routine_is_laid_out(trial: Any) -> None:
    _, played = trial
    seen = [shown.text for shown in played.rendered if shown.name in ("log", "plan")]
    assert len(seen) > 6
    for text in seen:
        assert re.match(r"<step>\d+</step>\n<last_action>.*</last_action>\n<observation>\n", text)
        assert section(text, "observation")
        assert section(text, "files")
        assert re.search(r"</files>\n\n[A-Z][^\n]*$", text)
        assert "<notices>\n</notices>" not in text
    assert any("<notices>\n" in text for text in seen)


VARIABLES = {
    "observation": "\n  a map\n",
    "status": "",
    "files": "",
    "game_step": 7,
    "last_action": "west",
    "chosen_action": "",
    "failed": False,
    "unchanged": False,
    "stuck": 0,
    "surroundings": None,
    "notices": [],
    "results": "",
    "uncommitted": False,
    "refused_beside": False,
    "rejections": [],
    "turns_left": 2,
    "routine": "plan",
    "actions": [],
    "default_action": "",
    "reason": "",
}


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, []),
        ({"unchanged": True}, ["Nothing that you see has changed since the last action"]),
        ({"unchanged": True, "stuck": 4}, ["Stuck: for 4 steps nothing has changed."]),
        (
            {"uncommitted": True, "refused_beside": True},
            ["No action was taken in the last step, so west was", "Memory commands beside or"],
        ),
        (
            {"failed": True, "chosen_action": "fly", "notices": ["mind the step", "and the gap"]},
            ["fly is not possible here; west was executed", "mind the step", "and the gap"],
        ),
    ],
)
def test_notices(variables: dict[str, Any], expected: list[str]) -> None:
    text = load_scaffold("v0").prompt("log", {**VARIABLES, **variables})
    lines = section(text, "notices").split("\n") if expected else []
    assert len(lines) == len(expected)
    assert all(line.startswith(start) for line, start in zip(lines, expected, strict=True))
    assert ("<notices>" in text) == bool(expected)


def test_surroundings() -> None:
    sights = [
        {"direction": "north", "name": "water", "steps": 2, "distance": "very near"},
        {"direction": "east", "name": "tree", "steps": 1, "distance": "adjacent"},
    ]
    prompt = load_scaffold("v0").prompt
    text = prompt("plan", {**VARIABLES, "surroundings": sights})
    assert section(text, "surroundings") == (
        "north: water, 2 steps (very near)\neast: tree, 1 step (adjacent)"
    )
    text = prompt("plan", {**VARIABLES, "surroundings": []})
    assert section(text, "surroundings") == "plain ground in all eight directions"
    assert "surroundings" not in prompt("plan", {**VARIABLES, "surroundings": None})


def test_a_map_keeps_its_columns() -> None:
    text = load_scaffold("v0").prompt("plan", VARIABLES)
    assert section(text, "observation") == "  a map"
    assert "<status>" not in text


def test_answers_and_rejections() -> None:
    prompt = load_scaffold("v0").prompt
    refused = [
        {"why": why, "command": "X a", "count": 2, "detail": detail}
        for why, detail in (("read_only", ""), ("hook", "none"))
    ]
    text = prompt("results", {**VARIABLES, "results": "READ a: 0 lines\n", "rejections": refused})
    assert section(text, "results") == "READ a: 0 lines"
    assert section(text, "rejected") == (
        "X a: PLAN only reads the memory. There are SEARCH, READ, TAIL, COUNT\nX a: none"
    )
    assert text.endswith("Look up more, or take an action: <|ACTION|>name<|END|> Replies left: 2.")
    text = prompt("results", {**VARIABLES, "routine": "log"})
    assert text == "Use more commands, or end with <|DONE|>. Replies left: 2."
    assert prompt("handover", VARIABLES).startswith("The memory has been consulted.\n")
    assert section(prompt("rejected", {**VARIABLES, "reason": "no"}), "rejected") == "no"


@pytest.mark.parametrize("why", REJECTIONS)
def test_each_rejection_is_told_in_words_of_its_own(why: str) -> None:
    rejection = {"why": why, "command": "FLY a.md", "count": 2, "detail": "Because."}
    text = load_scaffold("v0").prompt("results", {**VARIABLES, "rejections": [rejection]})
    told = section(text, "rejected")
    assert re.fullmatch(r"(FLY a\.md: |2 commands )[^\n]+", told)
    assert ("Because." in told) == (";" in REJECTIONS[why])


def test_nothing_stands_twice() -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for root in shipped().values()
        for path in root.rglob("*")
        if path.is_file() and path.stat().st_size
    ]
    assert len(set(texts)) == len(texts)
