"""The scaffolds that ship with the package."""

from __future__ import annotations

import argparse

from agents.scaffold.catalogue import shipped
from agents.scaffold.load import load_scaffold


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem scaffold list``."""
    for name in shipped():
        scaffold = load_scaffold(name)
        print(f"{name:16}{scaffold.game:10}{scaffold.digest}  {scaffold.summary}")
    return 0
