"""The commands of this floor."""

from automem_gym.commands import Table

COMMANDS: Table = {
    "structure": (
        "training.structure.command",
        "loop 1: revise a scaffold, and keep what measurably helps",
    ),
    "submit": (
        "training.structure.submit_command",
        "hand in a revision that was made by hand",
    ),
    "lineage": (
        "training.structure.lineage_command",
        "show what a search for a better scaffold has tried, and what came of it",
    ),
}
