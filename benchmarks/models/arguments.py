"""The arguments that choose the models of an agent."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from agents.model import ModelSpec, Sampling
from automem_gym.arguments import add_key_values

#: Backends that ask a server.
_SERVERS = frozenset({"messages", "completions"})
#: The role that a model of its own can be named for.
_SPECIALIST = "specialist"


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    group = parser.add_argument_group("models, for the agents memory, pair, chat and tools")
    group.add_argument(
        "--model",
        metavar="MODEL",
        help="a directory or id of weights, a name that begins with claude, or BACKEND:NAME with "
        "one of local, messages, completions, scripted (for example scripted:consult=0.5), "
        "recorded (recorded:RUN replays that run's answers)",
    )
    group.add_argument(
        "--specialist",
        metavar="MODEL",
        help="the pair's model for the memory (default: that of --model, with --adapter)",
    )
    group.add_argument("--adapter", metavar="DIR", help="LoRA adapter: the specialist's, if any")
    group.add_argument("--load-in", choices=("4bit", "8bit"), help="quantise local models")
    group.add_argument("--base-url", metavar="URL", help="address of the server")
    default = Sampling()
    group.add_argument(
        "--temperature", type=float, help=f"0 takes the likeliest (default: {default.temperature})"
    )
    group.add_argument("--top-p", type=float, help=f"(default: {default.top_p})")
    group.add_argument(
        "--max-tokens", type=int, help=f"of one answer (default: {default.max_tokens})"
    )
    add_key_values(group, "--model-arg", "an option of the model's backend, such as timeout=60")
    add_key_values(group, "--specialist-arg", "the same for the specialist alone")
    group.add_argument(
        "--scaffold", metavar="NAME|DIR", help="prompts and first memory files (default: v0)"
    )
    group.add_argument(
        "--trust-hooks",
        action="store_true",
        help="run code that comes with the scaffold with all your rights, not in a sandbox",
    )
    group.add_argument(
        "--prices", type=Path, metavar="FILE", help="what models cost, before the known prices"
    )
    group.add_argument(
        "--budget-usd", type=float, metavar="USD", help="what the run may cost in all"
    )
    group.add_argument(
        "--budget-tokens", type=int, metavar="N", help="tokens that it may take, in and out"
    )


def read_models(arguments: argparse.Namespace, roles: tuple[str, ...]) -> dict[str, ModelSpec]:
    """The models that the arguments name.

    Args:
        arguments: What was parsed.
        roles: What the agent needs models for.

    Returns:
        The models by role.

    Raises:
        ValueError: They make no sense together.
    """
    _check_roles(arguments, roles)
    if not roles:
        return {}
    sampling = _sampling(arguments)
    options = arguments.model_arg
    model = ModelSpec.parse(arguments.model, sampling=sampling, options=options)
    specs = dict.fromkeys(roles, model)
    if _SPECIALIST in roles:
        named = model
        if arguments.specialist is not None:
            named = ModelSpec.parse(arguments.specialist, sampling=sampling)
            if named.backend == model.backend:
                named = replace(named, options=options)
        mine = {**named.options, **arguments.specialist_arg}
        specs[_SPECIALIST] = replace(named, options=mine)
    if arguments.adapter is not None:
        role = _SPECIALIST if _SPECIALIST in roles else roles[0]
        specs[role] = _adapted(specs[role], arguments.adapter)
    specs = _with_option(specs, "load_in", arguments.load_in, frozenset({"local"}))
    return _with_option(specs, "base_url", arguments.base_url, _SERVERS)


def _check_roles(arguments: argparse.Namespace, roles: tuple[str, ...]) -> None:
    """Checks that what is given is of use to the agent, and that nothing is missing."""
    given = [name for name in _NAMES if getattr(arguments, name) not in (None, {}, False)]
    agent = f"the agent {arguments.agent}"
    if not roles and given:
        raise ValueError(f"--{_flag(given[0])}: {agent} asks no model; leave it out")
    if roles and arguments.model is None:
        more = " and, for the specialist, --specialist or --adapter" * (_SPECIALIST in roles)
        raise ValueError(f"{agent} needs a model: name it with --model{more}")
    for name in ("specialist", "specialist_arg"):
        if name in given and _SPECIALIST not in roles:
            raise ValueError(
                f"--{_flag(name)}: {agent} asks one model, --model; the agent pair has a specialist"
            )


_NAMES = (
    "model",
    "specialist",
    "adapter",
    "load_in",
    "base_url",
    "temperature",
    "top_p",
    "max_tokens",
    "model_arg",
    "specialist_arg",
    "trust_hooks",
    "prices",
    "budget_usd",
    "budget_tokens",
)


def _flag(name: str) -> str:
    return name.replace("_", "-")


def _sampling(arguments: argparse.Namespace) -> Sampling:
    names = [field.name for field in fields(Sampling)]
    given = {name: getattr(arguments, name) for name in names}
    return Sampling(**{name: value for name, value in given.items() if value is not None})


def _adapted(spec: ModelSpec, adapter: str) -> ModelSpec:
    if spec.backend in _SERVERS:
        raise ValueError(
            f"--adapter: {spec} is asked on a server, which loads its adapters itself; name the "
            "adapted model as the server does, for the pair with --specialist"
        )
    if spec.backend != "local":
        raise ValueError(f"--adapter: {spec} has no weights to adapt")
    return replace(spec, adapter=adapter)


def _with_option(
    specs: Mapping[str, ModelSpec], name: str, value: Any, backends: frozenset[str]
) -> dict[str, ModelSpec]:
    """The same models, with an option set for those of some backends."""
    if value is None:
        return dict(specs)
    if not any(spec.backend in backends for spec in specs.values()):
        models = ", ".join(dict.fromkeys(map(str, specs.values())))
        raise ValueError(
            f"--{_flag(name)}: it is for {' and '.join(sorted(backends))} models, "
            f"and there is {models}"
        )
    for spec in specs.values():
        if spec.backend in backends and name in spec.options:
            raise ValueError(f"--{_flag(name)}: {name} is given twice")
    return {
        role: replace(spec, options={**spec.options, name: value})
        if spec.backend in backends
        else spec
        for role, spec in specs.items()
    }
