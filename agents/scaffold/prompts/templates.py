"""Checks templates without rendering them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from jinja2 import TemplateSyntaxError, nodes

from agents.scaffold.error import MOST_PROBLEMS
from agents.scaffold.prompts.language import faults, included
from agents.scaffold.prompts.prompts import SUFFIX, Prompts
from agents.scaffold.prompts.variables import PROMPTS, SYSTEM_PROMPTS, variables
from memory_fs.suggestion import did_you_mean

_NEEDED = tuple(name + SUFFIX for name in SYSTEM_PROMPTS + PROMPTS)
_Trees = Mapping[str, nodes.Template]


@dataclass
class Checked:
    """What was found in the templates of a scaffold.

    Attributes:
        problems: What is wrong, each as ``file:line: what; what is allowed``.
        unused: Sound templates that no prompt includes, by name.
    """

    problems: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def check_templates(prompts: Prompts) -> Checked:
    """Checks the templates of a scaffold, each alone and then as they include one another."""
    checked = Checked()
    trees: dict[str, nodes.Template] = {}
    for name in sorted(prompts.sources):
        for line, text in islice(_alone(name, prompts, trees), MOST_PROBLEMS):
            checked.problems.append(f"{prompts.places[name]}:{line}: {text}")
    for name in _NEEDED:
        if name not in prompts.sources:
            text = f"prompts/{name}: is missing; the prompts are {', '.join(_NEEDED)}"
            checked.problems.append(text)
    if not checked.problems:
        _together(trees, prompts, checked)
    return checked


def unused_problem(name: str, prompts: Prompts) -> str:
    """What is wrong with a template that no prompt includes."""
    hint = did_you_mean(name, _NEEDED)
    return (
        f"{prompts.places[name]}:1: nothing uses this.{hint} The prompts are {', '.join(_NEEDED)}; "
        "any other template is a part that one of them includes"
    )


def _alone(
    name: str, prompts: Prompts, trees: dict[str, nodes.Template]
) -> Iterator[tuple[int, str]]:
    """What is wrong with one template; a sound one is put among the trees."""
    try:
        tree = prompts.environment.parse(prompts.sources[name])
    except TemplateSyntaxError as error:
        yield error.lineno, error.message or "this is no template"
        return
    except (RecursionError, ValueError) as error:
        yield 1, f"this is no template: {error}"
        return
    # What else is looked at is looked at by recursion, which a tree that is too deep would break.
    wrong = list(islice(faults(tree), MOST_PROBLEMS)) or list(_missing(tree, prompts))
    yield from wrong[:MOST_PROBLEMS]
    if not wrong:
        trees[name] = tree
        try:
            prompts.environment.compile(prompts.sources[name])
        except (TemplateSyntaxError, SyntaxError, RecursionError, ValueError, MemoryError) as error:
            yield getattr(error, "lineno", None) or 1, f"this cannot be compiled: {error}"


def _missing(tree: nodes.Template, prompts: Prompts) -> Iterator[tuple[int, str]]:
    for include in tree.find_all(nodes.Include):
        name = included(include)
        if name is not None and name not in prompts.sources:
            hint = did_you_mean(name, prompts.sources)
            yield include.lineno, f"there is no template {name!r}.{hint}"


def _together(trees: _Trees, prompts: Prompts, checked: Checked) -> None:
    """Checks sound templates as they include one another."""
    used: set[str] = set()
    for prompt in _NEEDED:
        reached = _reached(prompt, trees)
        used |= reached.keys()
        wrong = islice(chain(_circles(reached), _unknown(reached, prompt)), MOST_PROBLEMS)
        for name, line, text in wrong:
            problem = f"{prompts.places[name]}:{line}: {text}"
            if problem not in checked.problems:
                checked.problems.append(problem)
    checked.unused = sorted(trees.keys() - used)


def _reached(name: str, trees: _Trees) -> dict[str, nodes.Template]:
    """A template and all that it includes, however deep."""
    reached: dict[str, nodes.Template] = {}
    waiting = [name]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached[part] = trees[part]
            waiting += _includes(trees[part])
    return reached


def _includes(tree: nodes.Template) -> list[str]:
    return [name for node in tree.find_all(nodes.Include) if (name := included(node)) is not None]


def _circles(reached: _Trees) -> Iterator[tuple[str, int, str]]:
    """Templates that include themselves: those that stay when all that include none are taken."""
    left = {name: set(_includes(tree)) for name, tree in reached.items()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    for name in sorted(left):
        yield name, 1, f"these include one another without end: {', '.join(sorted(left))}"


def _unknown(reached: _Trees, prompt: str) -> Iterator[tuple[str, int, str]]:
    """Variables that a prompt does not have; a part also sees what the including template sets."""
    known = variables(prompt.removesuffix(SUFFIX))
    names = [(part, name) for part, tree in reached.items() for name in tree.find_all(nodes.Name)]
    own = {name.name for _, name in names if name.ctx != "load"}
    for part, name in names:
        if name.name not in known and name.name not in own and name.name != "loop":
            hint = did_you_mean(name.name, known)
            yield (
                part,
                name.lineno,
                f"{prompt} has no variable {name.name!r}.{hint} It has {', '.join(sorted(known))}",
            )
