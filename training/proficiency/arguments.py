"""Arguments of command lines that name the base model of both roles."""

from __future__ import annotations

import argparse

from agents.model import ModelSpec
from benchmarks.models.arguments import add_model_arguments, read_models
from training.proficiency.settings import AGENT

#: As one model that does all is called where models are named.
_ROLE = "agent"


def add_base(parser: argparse.ArgumentParser) -> None:
    """Adds the base model and the scaffold; :func:`base_of` reads the model."""
    add_model_arguments(parser)
    parser.set_defaults(agent=AGENT)  # for messages


def base_of(arguments: argparse.Namespace) -> ModelSpec:
    """The base model.

    Raises:
        ValueError: It is none, or hooks are to be trusted.
    """
    if arguments.trust_hooks:
        raise ValueError("--trust-hooks: hooks run shut in here, always; leave it out")
    return read_models(arguments, (_ROLE,))[_ROLE]
