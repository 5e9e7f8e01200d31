"""The commands of this floor."""

from automem_gym.commands import Table

COMMANDS: Table = {
    "run": ("benchmarks.run", "play episodes with an agent and record them"),
    "report": (
        "benchmarks.report.command",
        "show the results of runs, and compare them seed by seed",
    ),
    "export": (
        "benchmarks.export.command",
        "write a run in BALROG's format or as Parquet tables",
    ),
    "view": ("benchmarks.view", "show a run: a replay page, or on the terminal"),
    "speed": (
        "benchmarks.speed.command",
        "measure what the environments and the memory cost",
    ),
    "pair": (
        "benchmarks.pair.command",
        "measure a local pair of memory specialist and gameplay model",
    ),
}
