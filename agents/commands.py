"""The commands of this floor."""

from automem_gym.commands import Table

COMMANDS: Table = {
    "scaffold": (
        "agents.scaffold_command",
        "list, check, show and copy scaffolds: what surrounds a model that plays with a memory",
    ),
}
