"""Command-line arguments that several commands share."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_environment_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what chooses one environment: its id and its arguments."""
    parser.add_argument("env", metavar="ENV_ID", help="such as AutoMem-Name-v0 or my.module:My-Id")
    add_key_values(parser, "--env-arg", "an argument of the environment, such as task=...")


def add_key_values(parser: argparse.ArgumentParser, option: str, summary: str) -> None:
    """Adds a repeatable option of the form ``KEY=VALUE``."""
    parser.add_argument(
        option, action="append", default=[], metavar="KEY=VALUE", type=key_value, help=summary
    )


def environment_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """The arguments that ``--env-arg`` gave."""
    return dict(arguments.env_arg)


def key_value(text: str) -> tuple[str, Any]:
    """Reads ``KEY=VALUE``; a value that is valid JSON is what it says, anything else is text.

    Raises:
        argparse.ArgumentTypeError: There is no ``=``.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form KEY=VALUE")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value
