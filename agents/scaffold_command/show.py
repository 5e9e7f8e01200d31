"""Show each prompt as it looks in a short game, which needs no language model."""

from __future__ import annotations

import argparse

from agents.scaffold.error import ScaffoldError
from agents.scaffold.load import load_scaffold
from agents.scaffold.routine import ROUTINES
from agents.scaffold_command.arguments import add_trial_arguments, candidates, opened, played_game
from agents.trial import Rendered, Trial, try_scaffold
from automem_gym.commands import Mistake

_WIDTH = 79


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem scaffold show``."""
    add_trial_arguments(parser)
    parser.add_argument("--routine", choices=ROUTINES, help="only the prompts of this routine")


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem scaffold show``."""
    source, trusted = arguments.scaffold, arguments.trust_hooks
    try:
        scaffold = load_scaffold(source, arguments.game, trusted)
        with opened(candidates(arguments, scaffold)[0], arguments.env_arg) as env:
            scaffold = load_scaffold(source, played_game(env), trusted)
            trial = try_scaffold(scaffold, env, arguments.seed)
    except ScaffoldError as error:
        raise Mistake(str(error)) from error
    print(f"{scaffold.name} in {env.spec.id if env.spec else arguments.env}, seed {arguments.seed}")
    for rendered in _one_of_each(trial, arguments.routine):
        origin = "" if rendered.played else ", which did not come up in the game"
        head = f"{rendered.routine.upper()}: {rendered.name}, {len(rendered.text):,} characters"
        print(f"\n{f'==== {head}{origin} ':=<{_WIDTH}}\n{rendered.text}")
    for problem in trial.problems:
        print(f"\nproblem: {problem}")
    return 0


def _one_of_each(trial: Trial, routine: str | None) -> list[Rendered]:
    """Each prompt of each routine once: the longest, which shows the most."""
    longest: dict[tuple[str, str], Rendered] = {}
    for rendered in trial.rendered:
        key = (rendered.routine, rendered.name)
        if key not in longest or len(rendered.text) > len(longest[key].text):
            longest[key] = rendered
    return [
        rendered
        for own in ROUTINES
        for (of, _), rendered in longest.items()
        if of == own and routine in (None, own)
    ]
