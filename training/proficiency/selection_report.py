"""A selection for people: what was kept, what was dropped, and why, with examples."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from training.proficiency.post_processing import STEPS
from training.proficiency.selection import Selection

#: Kept answers that are shown.
_EXAMPLES = 6


def report(selection: Selection) -> str:
    """The report as Markdown.

    Args:
        selection: What was selected.
    """
    template = (files("training.proficiency") / "selection_report.md.j2").read_text("utf-8")
    texts = Environment(undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    found = selection.examples
    return texts.from_string(template).render(
        kept=len(found),
        answers=sum(selection.answers.values()),
        episodes=selection.episodes,
        held_out=sum(example.held_out for example in found),
        scaffold=selection.scaffold,
        models=selection.models,
        by_routine=sorted(selection.answers.items()),
        kept_by=selection.kept,
        shapes=sorted(selection.shapes.items()),
        reasons=selection.reasons.most_common(),
        steps=[(step, selection.steps[step]) for step in STEPS],
        examples=found[:: max(1, len(found) // _EXAMPLES)][:_EXAMPLES],
        dropped=selection.dropped.most_common(),
        shown=selection.shown,
    )
