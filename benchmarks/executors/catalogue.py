"""The executors by name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial

from agents.accounting import Prices
from benchmarks.executors.executor import Executor
from benchmarks.executors.pool import Pool, check_count
from benchmarks.models.desk import ModelDesk
from memory_fs.suggestion import unknown_name

#: Name to what it is for, as help shows it.
EXECUTORS = {
    "serial": "one episode after the other",
    "processes": "a process for each episode in flight; best where the games take the time",
    "threads": "a few processes, in which episodes wait for their models together; best where "
    "models take the time, and many episodes are in flight",
    "ray": "the processes of a Ray cluster",
}
DEFAULT = "processes"


@dataclass(frozen=True)
class Placement:
    """Where the episodes of a run are played.

    Attributes:
        executor: One of :data:`EXECUTORS`.
        in_flight: How many are played at the same time.
        processes: For ``threads``: in how many processes; by default as many as there are cores.
        ray: For ``ray``: the address of the cluster; empty starts one on this machine.

    Raises:
        ValueError: This makes no sense.
    """

    executor: str = DEFAULT
    in_flight: int = 1
    processes: int | None = None
    ray: str = ""

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise unknown_name("executor", self.executor, EXECUTORS)
        check_count("workers", self.in_flight)
        if self.executor == "serial" and self.in_flight > 1:
            raise ValueError(
                f"--executor serial plays one episode at a time, and --workers is {self.in_flight}"
            )
        if self.processes is not None:
            if self.executor != "threads":
                raise ValueError(f"--processes is for --executor threads, not {self.executor}")
            check_count("processes", self.processes)
        if self.ray and self.executor != "ray":
            raise ValueError(f"--ray names a cluster, and --executor is {self.executor}")

    def open(self, desk: ModelDesk, prices: Prices | None, scenes: bool = True) -> Executor:
        """Makes the executor.

        Args:
            desk: Holds the models of the run.
            prices: What models cost.
            scenes: Whether the games' scenes are recorded.

        Raises:
            ValueError: There is no such cluster.
            ImportError: What it needs is not installed.
        """
        pool = partial(Pool, self.in_flight, desk=desk, prices=prices, scenes=scenes)
        if self.executor == "threads":
            return pool(workers=self.processes or os.cpu_count() or 1)
        if self.executor == "ray":
            from benchmarks.executors.ray_worker import Cluster

            return pool(start=Cluster(self.ray, self.in_flight).start)
        return pool()
