"""How many processes train together, and whether they were started as somebody meant them."""

from __future__ import annotations

import os
from collections.abc import Mapping


class LaunchError(ValueError):
    """The processes were not started as they were asked for."""


def world_size() -> int:
    """How many processes train together, as torchrun and accelerate say."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this process is the one that writes files and speaks."""
    return int(os.environ.get("RANK", "0")) == 0


def check_launch(wanted: int | None, environment: Mapping[str, str] = os.environ) -> None:
    """Checks that there are as many processes as somebody meant.

    Args:
        wanted: How many there should be; None for as many as there are.
        environment: Variables of the process.

    Raises:
        LaunchError: There are fewer or more, or ``accelerate launch --cpu`` was asked for several
            and started one, which it does without a word.
    """
    # It sets an address for several processes, but only a launcher of several sets their number.
    asked = "ACCELERATE_MIXED_PRECISION" in environment and "MASTER_ADDR" in environment
    if asked and "WORLD_SIZE" not in environment:
        raise LaunchError(
            "accelerate launch was asked for several processes and has started one, as it does "
            "with --cpu: use torchrun --nproc-per-node N -m training.proficiency.train ..., or "
            "add --multi_cpu"
        )
    found = int(environment.get("WORLD_SIZE", "1"))
    if wanted is not None and wanted != found:
        raise LaunchError(
            f"--processes {wanted}: there are {found}; start them with torchrun --nproc-per-node "
            f"{wanted} -m training.proficiency.train ..."
        )
