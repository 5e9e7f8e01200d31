"""Everything that is measured, with its targets."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.speed.memory_store import OPERATIONS
from benchmarks.speed.subject import Subject
from memory_fs.journal import DURABILITIES

_HERE = "benchmarks.speed"
_GAMES = ("nethack", "minihack", "crafter")
_TASKS = ("Corridor-R3", "MazeWalk-9x9")

SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "crafter-steps",
        "Crafter's steps by day, to stock without rendering",
        *("", "at least", 0.6, f"{_HERE}.crafter:steps_by_day"),
    ),
    Subject(
        "crafter-reset",
        "time of Crafter's reset, to stock without rendering",
        *("", "at most", 0.15, f"{_HERE}.crafter:reset_time"),
    ),
    Subject(
        "crafter-episodes",
        "Crafter's whole episodes, to stock with two 256x256 pictures a step",
        *("", "at least", 10, f"{_HERE}.crafter:whole_episodes"),
    ),
    Subject(
        "crafter-night",
        "making the draws of a step at night, to drawing them as stock does",
        *("", "", 0.0, f"{_HERE}.crafter:night_draws"),
    ),
    Subject(
        "nethack-steps",
        "NetHack's steps, to the raw NetHackChallenge with the same arrays",
        *("", "at least", 0.4, f"{_HERE}.nethack:steps"),
    ),
    *(
        Subject(
            f"minihack-steps-{task}",
            f"steps of {task}, to raw MiniHack asked for the same arrays",
            *("", "at least", 0.4, f"{_HERE}.nethack:minihack_steps", {"task": task}),
        )
        for task in _TASKS
    ),
    Subject(
        "import",
        "import automem_gym in a fresh interpreter",
        *("s", "at most", 0.3, f"{_HERE}.import_time:import_seconds"),
    ),
    *(
        Subject(
            f"resident-{game}",
            "memory of a live environment",
            *("MB", "at most", 20, f"{_HERE}.resident:resident", {"game": game}),
        )
        for game in _GAMES
    ),
    Subject(
        "memory-commands",
        "what the dearest memory command adds to a turn",
        *("us", "at most", 50, f"{_HERE}.memory_commands:command_cost"),
    ),
    *(
        Subject(
            f"store-{operation}",
            f"{operation} in a memory of 100 MB, to one of 1 KB",
            *("", "at most", 2, f"{_HERE}.memory_store:cost", {"operation": operation}),
        )
        for operation in OPERATIONS
    ),
    Subject(
        "store-throughput",
        "search of a rare keyword in a file of 100 MB",
        *("MB/s", "at least", 200, f"{_HERE}.memory_store:search_throughput"),
    ),
    Subject(
        "store-mixed",
        "100,000 small operations, mixed",
        *("1/s", "at least", 30_000, f"{_HERE}.memory_store:mixed"),
        limits={"second_half": 1.25},
    ),
    *(
        Subject(
            f"store-durability-{durability}",
            f"small operations with the durability {durability!r}",
            *("1/s", "", 0, f"{_HERE}.memory_store:durable", {"durability": durability}),
        )
        for durability in DURABILITIES
    ),
    *(
        Subject(
            f"recording-{game}",
            "what recording adds to a turn",
            *("us", "at most", 100, f"{_HERE}.recording:recording_cost", {"game": game}),
        )
        for game in _GAMES
    ),
    *(
        Subject(
            f"recording-explorer-{game}",
            "what recording adds to an explorer's turn, with its memory commands",
            *("us", "at most", 100, f"{_HERE}.recording:explorer_cost", {"game": game}),
        )
        for game in _GAMES
    ),
    *(
        Subject(
            f"trace-size-{game}",
            "2,000 steps of an explorer: all texts and files at every step, to the trace",
            *("", "at least", 4, f"{_HERE}.trace_size:trace_size", {"game": game}),
        )
        for game in _GAMES
        if game != "minihack"
    ),
    Subject(
        "sandbox-call",
        "what the sandbox adds to a call of a hook, with the variables of a NetHack prompt",
        *("us", "at most", 2000, f"{_HERE}.sandbox:call_cost", {"game": "nethack"}),
    ),
    Subject(
        "executor-processes",
        "episodes/s of two processes, to those of one (needs two idle cores)",
        *("", "at least", 1.8, f"{_HERE}.executors:two_processes"),
    ),
    Subject(
        "executor-ray",
        "from nothing to the end of a first short episode on a local Ray cluster",
        *("s", "", 0, f"{_HERE}.executors:ray_start"),
    ),
    *(
        Subject(
            f"growth-{game}",
            "growth of the process per reset, over 1,000 resets",
            *("kB", "at most", 10, f"{_HERE}.resets:growth", {"game": game}),
            limits={"more_files": 0},
        )
        for game in _GAMES
    ),
)


def select(words: Sequence[str]) -> list[Subject]:
    """The subjects whose names hold one of some words; all of them for no words.

    Raises:
        ValueError: A word is in no name.
    """
    for word in words:
        if not any(_matches(subject, word) for subject in SUBJECTS):
            names = ", ".join(subject.name for subject in SUBJECTS)
            raise ValueError(f"nothing is called {word!r}; there are {names}")
    return [s for s in SUBJECTS if not words or any(_matches(s, word) for word in words)]


def _matches(subject: Subject, word: str) -> bool:
    return word.casefold() in subject.name.casefold()
