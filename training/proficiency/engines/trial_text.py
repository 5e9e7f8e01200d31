"""A trial as text: as a line of a table, and in full."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from benchmarks import toml
from training.proficiency.trial import Trial

_TITLE, _REASON = 200, 300


def table_text(trials: Sequence[Trial]) -> str:
    """The trials, a line each."""
    return "\n".join(map(_line, trials)) or "no trial was made yet"


def _line(trial: Trial) -> str:
    title = trial.recipe.title if trial.recipe is not None else "(no recipe)"
    score = "-" if trial.score is None else f"{trial.score:.4f}"
    words = " ".join(title.split())[:_TITLE], " ".join(trial.reason.split())[:_REASON]
    return f"{trial.number:03} {trial.verdict}, mean score {score}: {words[0]} | {words[1]}"


def trial_text(trial: Trial) -> str:
    """All that is known of a trial."""
    return "\n\n".join(_parts(trial))


def _parts(trial: Trial) -> Iterator[str]:
    yield f"# trial {trial.number}: {trial.verdict}\n{trial.reason}"
    against = f"trial {trial.parent}" if trial.parent else "the base, without an adapter"
    yield f"measured against {against}"
    if trial.recipe is not None:
        plain = trial.recipe.to_toml()
        source = plain.pop("selector_source")
        yield f"## recipe\n{toml.dumps(plain)}"
        if source:
            yield f"## its selector\n{source}"
    for title, figures in (("data", trial.data), ("training", trial.training)):
        if figures:
            yield f"## {title}\n{json.dumps(figures, indent=1)}"
    for title, sides in (("scores by seed", trial.scores), ("memory measures", trial.measures)):
        if sides:
            yield f"## {title}: own, parent\n" + "\n".join(_beside(sides))


def _beside(sides: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    own, parent = sides.get("own", {}), sides.get("parent", {})
    for name in dict.fromkeys([*own, *parent]):
        yield f"{name}: {_number(own.get(name))}, {_number(parent.get(name))}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
