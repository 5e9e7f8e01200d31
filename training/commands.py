"""The commands of this floor."""

from automem_gym.commands import Table

COMMANDS: Table = {
    "structure": (
        "training.structure.command",
        "loop 1: revise a scaffold, and keep what measurably helps",
    ),
    "proficiency": (
        "training.proficiency.command",
        "loop 2: train a memory specialist on the agent's own good memory decisions",
    ),
    "collect": (
        "training.proficiency.collect_command",
        "play episodes to learn from, on seeds that measure nothing (a stage of loop 2)",
    ),
    "select": (
        "training.proficiency.select_command",
        "select the answers that are worth learning (a stage of loop 2)",
    ),
    "train": (
        "training.proficiency.train_command",
        "train an adapter on selected answers (a stage of loop 2)",
    ),
    "evaluate": (
        "training.proficiency.evaluate_command",
        "play the pair with an adapter against the pair without it (a stage of loop 2)",
    ),
    "mini": (
        "training.mini.command",
        "make the embedded model: play its corpus, train it, put it into its folder",
    ),
    "reproduce": (
        "training.reproduce.command",
        "the paper's experiment in small, on seeds that nothing was decided on",
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
