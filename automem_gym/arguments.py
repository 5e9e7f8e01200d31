"""Command-line arguments that several commands share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any


def add_environment_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what chooses one environment: its id and its arguments."""
    parser.add_argument("env", metavar="ENV_ID", help="such as AutoMem-Name-v0 or my.module:My-Id")
    add_key_values(parser, "--env-arg", "an argument of the environment, such as task=...")


def add_key_values(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup, option: str, summary: str
) -> None:
    """Adds a repeatable option of the form ``KEY=VALUE``; what is parsed is a dictionary."""
    parser.add_argument(
        option, action=_Collect, default={}, metavar="KEY=VALUE", type=key_value, help=summary
    )


def key_value(text: str) -> tuple[str, Any]:
    """Reads ``KEY=VALUE``; a value that is valid JSON is what it says, anything else is text.

    Raises:
        argparse.ArgumentTypeError: There is no ``=``, or the value is null.
    """
    key, equals, value = text.partition("=")
    if not equals or not key.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form KEY=VALUE")
    try:
        found = json.loads(value)
    except json.JSONDecodeError:
        return key, value
    if found is None:
        # It has no place in the record of a run, and is seldom an argument's own default.
        raise argparse.ArgumentTypeError(f"{text}: leave the argument out instead")
    return key, found


class _Collect(argparse.Action):
    """Collects pairs; a key that stands twice is a slip."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        assert isinstance(values, tuple)  # what key_value gave
        key, value = values
        so_far = getattr(namespace, self.dest)
        if key in so_far:
            raise argparse.ArgumentError(self, f"{key} is given twice")
        setattr(namespace, self.dest, {**so_far, key: value})
