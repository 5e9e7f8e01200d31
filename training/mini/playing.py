"""Plays the corpus: scripted players with planted habits, in scaffolds that are drawn."""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.agent import begin
from agents.memory_agent import MemoryAgent, PairAgent
from agents.model import Call, Message
from agents.model.message import Role
from memory_fs.suggestion import did_you_mean
from training.mini.conversations import of_calls
from training.mini.variants import draw

Recipe = Mapping[str, Any]
#: What a recipe does not say.
_DEFAULTS: Recipe = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
#: What each recipe has to say itself.
_REQUIRED = {"habits": (), "play": ("first_seed",)}
#: In its folder: the scaffolds that were drawn, and what it is, which is written last.
_SCAFFOLDS, _SUMMARY = "scaffolds", "summary.json"
#: Seeds that are set aside for a task; none needs so many.
_SEEDS = 20_000
Talk = list[tuple[Role, str]]
_STRAIGHT = re.compile(r"^(?:north|south|east|west) ", re.MULTILINE)


@dataclass(frozen=True)
class EpisodePlan:
    """An episode of the corpus.

    Attributes:
        env_id: The environment.
        seed: Of the episode, and of all that is drawn for it.
        limit: Game steps, at most.
        scaffolds: The folder of the scaffolds that were drawn.
        recipe: Of the corpus.
    """

    env_id: str
    seed: int
    limit: int
    scaffolds: Path
    recipe: Recipe


def shipped_recipes() -> dict[str, Path]:
    """The recipes that ship, name to file."""
    folder = Path(__file__).with_name("recipes")
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def read_recipe(name: str = "broad") -> Recipe:
    """Reads what a corpus is to be.

    Args:
        name: One of :func:`shipped_recipes`, or a TOML file that is like them.

    Returns:
        It, with ``playing.toml`` for what it does not say.

    Raises:
        ValueError: It is no TOML, or has a setting that there is not.
        OSError: It cannot be read.
    """
    path = shipped_recipes().get(name) or Path(name)
    try:
        recipe = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: is no recipe: {error}") from error
    return {**recipe, **{part: _filled(recipe, part, path) for part in _DEFAULTS}}


def _filled(recipe: Recipe, part: str, path: Path) -> dict[str, Any]:
    given, known = recipe.get(part, {}), [*_DEFAULTS[part], *_REQUIRED[part]]
    for name in given:
        if name not in known:
            raise ValueError(
                f"{path}: [{part}] has no {name!r}.{did_you_mean(name, known)} "
                f"There are {', '.join(known)}"
            )
    for name in _REQUIRED[part]:
        if name not in given:
            raise ValueError(f"{path}: [{part}] lacks {name}")
    return {**_DEFAULTS[part], **given}


def play_corpus(
    recipe: Recipe,
    out: Path,
    scale: float = 1.0,
    workers: int = 2,
    say: Callable[[str], None] = print,
) -> Path:
    """Plays the corpus of a recipe.

    Args:
        recipe: What :func:`read_recipe` reads.
        out: Where to, an empty directory or none: a file ``NUMBER.jsonl.gz`` a task, the scaffolds
            that were drawn, and what :func:`read_summary` reads.
        scale: So much of every task.
        workers: Processes.
        say: Told when a task is done.

    Returns:
        The directory.
    """
    scaffolds = out / _SCAFFOLDS
    scaffolds.mkdir(parents=True)
    for game in recipe["play"]["games"]:
        for number in range(recipe["play"]["variants"]):
            rng = random.Random(f"{game} {number}")
            draw(game, scaffolds / f"{game}-{number}", rng, recipe["play"]["asked"])
    rows = []
    with ProcessPoolExecutor(workers) as pool:
        for number, task in enumerate(recipe["task"]):
            wanted = round(scale * task["conversations"])
            with gzip.open(out / f"{number}.jsonl.gz", "wt", 4, encoding="utf-8") as file:
                episodes, steps, count = 0, 0, 0
                for talks, played in _episodes(pool, recipe, number, scaffolds, 2 * workers):
                    episodes, steps = episodes + 1, steps + played
                    for talk in talks[: wanted - count]:
                        file.write(json.dumps([task["env"], talk], ensure_ascii=False) + "\n")
                    count = min(wanted, count + len(talks))
                    if count >= wanted:
                        break
            say(f"{task['env']}: {count:,} conversations, {episodes:,} episodes, {steps:,} steps")
            first = _first_seed(recipe, number)
            rows.append(
                {
                    "env": task["env"],
                    "seeds": f"{first}-{first + episodes - 1}",
                    "conversations": count,
                    "episodes": episodes,
                    "steps": steps,
                }
            )
    summary = {"recipe": recipe, "tasks": rows}
    (out / _SUMMARY).write_text(json.dumps(summary, indent=1) + "\n", "utf-8")
    return out


def read_summary(folder: Path) -> dict[str, Any]:
    """What a corpus is: the ``recipe`` that it was played by, and its ``tasks``.

    Of each task it tells ``env``, ``seeds``, ``conversations``, ``episodes`` and ``steps``.
    """
    summary: dict[str, Any] = json.loads((folder / _SUMMARY).read_text("utf-8"))
    return summary


def is_corpus(folder: Path) -> bool:
    """Whether a directory holds a corpus that :func:`play_corpus` has finished."""
    return (folder / _SUMMARY).is_file()


def clear_corpus(folder: Path) -> None:
    """Removes a corpus, finished or not, and nothing else."""
    (folder / _SUMMARY).unlink(missing_ok=True)
    for path in folder.glob("*.jsonl.gz"):
        path.unlink()
    if (folder / _SCAFFOLDS).is_dir():
        shutil.rmtree(folder / _SCAFFOLDS)


def read_corpus(folder: Path) -> Iterator[tuple[Message, ...]]:
    """The conversations of a corpus that :func:`play_corpus` wrote."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield tuple(Message(role, text) for role, text in json.loads(line)[1])


def _episodes(
    pool: ProcessPoolExecutor, recipe: Recipe, number: int, scaffolds: Path, at_once: int
) -> Iterator[tuple[list[Talk], int]]:
    """Plays episodes, some at a time; how many does not change which they are."""
    task, seed = recipe["task"][number], _first_seed(recipe, number)
    while True:
        plans = [
            EpisodePlan(task["env"], seed + at, task["limit"], scaffolds, recipe)
            for at in range(at_once)
        ]
        seed += len(plans)
        yield from pool.map(play_episode, plans)


def _first_seed(recipe: Recipe, number: int) -> int:
    """The first seed of a task of a recipe."""
    return int(recipe["play"]["first_seed"]) + _SEEDS * number


def play_episode(plan: EpisodePlan) -> tuple[list[Talk], int]:
    """Plays one episode.

    Returns:
        The conversations that are kept, and the game steps.
    """
    import gymnasium

    import automem_gym  # noqa: F401  (registers the environments)
    from agents.backends.scripted import Knobs, ScriptedModel

    rng = random.Random(f"{plan.env_id} {plan.seed}")
    env = gymnasium.make(plan.env_id)
    habits = {name: rng.uniform(*span) for name, span in plan.recipe["habits"].items()}
    model = ScriptedModel(Knobs(**habits))
    settings = plan.recipe["play"]
    pair = rng.random() < settings["pairs"]
    number = rng.randrange(settings["variants"])
    scaffold = plan.scaffolds / f"{env.get_wrapper_attr('game_name')}-{number}"
    kind = PairAgent if pair else MemoryAgent
    agent = kind(dict.fromkeys(kind.roles, model), scaffold, trust_hooks=True)
    observation, info = begin(env, agent, plan.seed, plan.seed)
    calls: list[Call] = []
    over = False
    while not over and info["game_step"] < plan.limit:
        decision = agent.act(observation, info)
        calls += decision.calls
        observation, _, ended, cut, info = env.step(decision.action)
        over = ended or cut
    env.close()  # type: ignore[no-untyped-call]
    talks: list[Talk] = [[(m.role, m.text) for m in talk] for talk in of_calls(calls)]
    kept = [talk for talk in talks if not _dull(talk) or rng.random() < settings["dull"]]
    often = [talk for talk in kept for _ in range(_times(talk, settings, rng))]
    return often, info["game_step"]


def _times(talk: Talk, settings: Mapping[str, Any], rng: random.Random) -> int:
    """How often a conversation is kept."""
    if settings["forks"] and _forks(talk):
        return int(settings["forks"])
    for name, is_one in _OFTEN.items():
        if settings[name] > 1 and is_one(talk):
            return int(settings[name])
    share = settings["decisions" if _decides(talk) else "others"]
    return int(share == 1 or rng.random() < share)


def _forks(talk: Talk) -> bool:
    """Whether a sign was found in the memory where the way forks, and an action was taken."""
    ways = _ways(talk)
    chosen = "<|ACTION|>" in talk[-1][1] and ("north " in ways or "south " in ways)
    return chosen and len(talk) > 3 and "sign: " in talk[-2][1]


def _arrives(talk: Talk) -> bool:
    """Whether the stairs down are in sight, and an action was taken."""
    return "\nstairs down " in talk[1][1] and "<|ACTION|>" in talk[-1][1]


def _crosses(talk: Talk) -> bool:
    """Whether three ways or four lead on, the memory told something, and an action was taken.

    Diagonal ways are not counted: beside a straight one they lead to the same places.
    """
    return _decides(talk) and len(_STRAIGHT.findall(_ways(talk))) > 2


def _shows_sign(talk: Talk) -> bool:
    """Whether LOG has a sign in sight, which it may note or not."""
    return "<|ACTION|>" not in talk[-1][1] and _sign(talk)


#: What a recipe can ask to be kept several times, by the name of its setting.
_OFTEN: Mapping[str, Callable[[Talk], bool]] = {
    "arrivals": _arrives,
    "signs": _shows_sign,
    "crossings": _crosses,
}


def _sign(talk: Talk) -> bool:
    """Whether a sign is in sight: one of these creatures, where the goal tells of branches."""
    scene = talk[1][1]
    return "branch" in talk[0][1] and any(f"{it} " in scene for it in ("jelly", "mold", "lichen"))


def _decides(talk: Talk) -> bool:
    """Whether the memory told something, and an action was taken."""
    told = any(" match" in text for role, text in talk[2:] if role == "user")
    return told and "<|ACTION|>" in talk[-1][1]


def _dull(talk: Talk) -> bool:
    """Whether the game leaves no choice: in a corridor, with nothing in sight."""
    scene = talk[1][1]
    if "<surroundings>" in scene:
        ways = _ways(talk)
        if "branch" in talk[0][1]:  # of a corridor with branches all that matters is kept
            return not _sign(talk) and "north" not in ways and "south" not in ways
        return ways.count("\n") <= 2
    return len(talk) == 3 and "DONE" in talk[2][1] and len(talk[2][1]) < 12


def _ways(talk: Talk) -> str:
    """The ways that lead on, a line each, as the scene of a game in which one walks tells them."""
    return talk[1][1].partition("<surroundings>\n")[2].partition("</surroundings>")[0]
