"""Load a scaffold, render each prompt in a short game, and say what is wrong.

The short game is played by a model that takes every way through the routines: memory commands of
every kind, prose, impossible actions. No language model is needed. The exit status is 0 for a sound
scaffold and 1 for one that is not; warnings do not count.
"""

from __future__ import annotations

import argparse
import sys

from agents.scaffold.error import ScaffoldError
from agents.scaffold.load import load_scaffold
from agents.scaffold.prompts.variables import PROMPTS
from agents.scaffold.routine import ROUTINES
from agents.scaffold.scaffold import Scaffold
from agents.scaffold_command.arguments import add_trial_arguments, candidates, opened, played_game
from agents.trial import Trial, foreign_commands, try_scaffold


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem scaffold check``."""
    add_trial_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem scaffold check``."""
    source, trusted = arguments.scaffold, arguments.trust_hooks
    try:
        scaffold = load_scaffold(source, arguments.game, trusted)
        print(f"{scaffold.name}  digest {scaffold.digest}\n{scaffold.summary}".rstrip())
        sound = True
        for ids in candidates(arguments, scaffold):
            with opened(ids, arguments.env_arg) as env:
                scaffold = load_scaffold(source, played_game(env), trusted)
                trial = try_scaffold(scaffold, env, arguments.seed)
            name = env.spec.id if env.spec else ids[0]
            print(f"\n{name}, {trial.steps} game steps\n{_table(scaffold, trial)}")
            for problem in trial.problems:
                print(problem, file=sys.stderr)
            sound = sound and not trial.problems
    except ScaffoldError as error:
        print(error, file=sys.stderr)
        return 1
    print("\nsound" if sound else "\nnot sound", flush=True)
    return 0 if sound else 1


def _table(scaffold: Scaffold, trial: Trial) -> str:
    """What the prompts cost, and what of it a backend can keep."""
    lines = [f"  {'characters':14}" + "".join(f"{routine:>10}" for routine in ROUTINES)]
    chars = {
        routine: {
            name: max(
                (len(r.text) for r in trial.rendered if (r.name, r.routine) == (name, routine)),
                default=0,
            )
            for name in (f"system_{routine}", *PROMPTS)
        }
        for routine in ROUTINES
    }
    for name in ("system", *PROMPTS):
        row = [
            chars[routine].get(f"system_{routine}" if name == "system" else name, 0)
            for routine in ROUTINES
        ]
        lines.append(f"  {name:14}" + "".join(f"{count or '-':>10}" for count in row))
    shares = []
    for routine in ROUTINES:
        static = chars[routine][f"system_{routine}"]
        shares.append(f"{static / max(1, static + chars[routine][routine]):.0%}")
    lines.append(f"  {'static share':14}" + "".join(f"{share:>10}" for share in shares))
    lines += [f"  warning: {warning}" for warning in foreign_commands(scaffold, trial)]
    return "\n".join(lines)
