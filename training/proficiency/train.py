"""``python -m training.proficiency.train``: the command, as torchrun and accelerate start it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from training.proficiency import train_command


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command; see :func:`training.proficiency.train_command.run`."""
    parser = argparse.ArgumentParser(
        "python -m training.proficiency.train",
        description=train_command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    train_command.add_arguments(parser)
    return train_command.run(parser.parse_args(words))


if __name__ == "__main__":
    sys.exit(main())
