"""The commands of this floor."""

from automem_gym.commands import Table

COMMANDS: Table = {
    "structure": (
        "training.structure.command",
        "loop 1: revise a scaffold, and keep what measurably helps",
    ),
}
