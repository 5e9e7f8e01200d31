"""The commands of this floor."""

from automem_gym.commands import Table

COMMANDS: Table = {
    "run": ("benchmarks.run", "play episodes with an agent and record them"),
    "report": (
        "benchmarks.report.command",
        "show the results of runs, and compare them seed by seed",
    ),
    "view": ("benchmarks.view", "make a replay page of a run, one HTML file"),
    "speed": (
        "benchmarks.speed.command",
        "measure what the environments and the memory cost",
    ),
    "pair": (
        "benchmarks.pair.command",
        "measure a local pair of memory specialist and gameplay model",
    ),
}
