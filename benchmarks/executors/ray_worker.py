"""Workers on a Ray cluster.

Ray only places them: each is an actor that plays as a process of this machine would. Two threads
carry the messages between it and a pipe, so that the pool sees no difference.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.episode import Episode
from benchmarks.executors.line import Assignment
from benchmarks.executors.player import GRACE, Post
from benchmarks.executors.ray_player import Mirrored, RayPlayer
from benchmarks.executors.worker import Said, Worker
from benchmarks.models.earlier import EARLIER, keep_earlier
from benchmarks.models.wire import Offer
from benchmarks.trace import TRACE

try:
    import ray
    from ray.exceptions import RayError
except ImportError as error:
    raise ImportError(
        "--executor ray needs Ray: pip install 'automem-gym[ray]', on this machine and on the "
        "nodes of the cluster, with the same version of Python"
    ) from error

_BUSY = 4  # calls that an actor serves at a time: put, take, and some to spare


class Cluster:
    """A Ray cluster that this process uses.

    Args:
        address: As ``ray.init`` takes it; empty starts a cluster of this machine, which ends with
            this process.
        workers: How many workers a cluster of this machine has room for.

    Raises:
        ValueError: There is no such cluster, or it does not let us in.
    """

    def __init__(self, address: str, workers: int) -> None:
        if ray.is_initialized():  # by whoever uses this package in a program of their own
            return
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        here: dict[str, Any] = {"num_cpus": workers, "include_dashboard": False}
        here |= {"_node_ip_address": "127.0.0.1"}  # nobody else is to reach it
        try:
            ray.init(
                address=address or "local",
                log_to_driver=False,
                logging_level=logging.ERROR,
                **({} if address else here),
            )
        except (ConnectionError, RayError, RuntimeError, ValueError) as error:
            raise ValueError(
                f"--ray {address}: {' '.join(str(error).split())} (a cluster with token "
                "authentication wants its token in RAY_AUTH_TOKEN or in ~/.ray/auth_token)"
            ) from error

    def start(self, post: Post, offers: Mapping[str, Offer]) -> RayWorker:
        """Starts a worker, where there is room for it; until there is, it waits."""
        return RayWorker(post, offers)


class RayWorker(Worker):
    """An actor.

    Args:
        post: Where and how it plays; what it records comes to the run directory as it is written.
        offers: The models that the driver holds, by role.
    """

    def __init__(self, post: Post, offers: Mapping[str, Offer]) -> None:
        connection, self._bridge = multiprocessing.Pipe()
        super().__init__(connection, post.slots, offers)
        self._root = post.root
        self._reason = ""
        self._actor: Any = (
            ray.remote(RayPlayer)
            .options(num_cpus=1, max_concurrency=_BUSY, max_restarts=0)
            .remote(post, tuple(sys.path))
        )
        self._threads = [
            threading.Thread(target=target, args=(self._bridge,), name=name, daemon=True)
            for target, name in ((self._carry_there, "to Ray"), (self._carry_back, "from Ray"))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether the actor still answers."""
        return not self._reason

    def death(self) -> str:
        """How the actor ended."""
        return f"the worker on the Ray cluster is gone: {self._reason or 'it said nothing more'}"

    def dismiss(self) -> None:
        """Tells the actor to end, and does not wait for it."""
        self.connection.close()

    def stop(self) -> None:
        """Ends the actor."""
        self.dismiss()
        self._threads[0].join(GRACE)
        with contextlib.suppress(RayError):
            ray.kill(self._actor)

    def _assignment(self, episode: Episode, files: Mapping[str, str] | None) -> Assignment:
        folder = self._root / episode.folder
        folder.mkdir(parents=True, exist_ok=True)
        earlier = b"" if keep_earlier(episode, folder) is None else (folder / EARLIER).read_bytes()
        return Assignment(episode, self._offers, files, earlier)

    def _heard(self, message: Any) -> Said | None:
        """Puts pieces of recordings into the run directory; gives all else to the pool."""
        if isinstance(message, Mirrored):
            message.copied.put(self._root / message.episode.folder / TRACE)
            return None
        return super()._heard(message)

    def _carry_there(self, bridge: Connection) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._actor.put.remote(bridge.recv())
        with contextlib.suppress(RayError):
            self._actor.put.remote(None)

    def _carry_back(self, bridge: Connection) -> None:
        try:
            while True:
                for message in ray.get(self._actor.take.remote()):
                    bridge.send(message)
        except RayError as error:
            self._reason = " ".join(str(error).split())[:400]
        except OSError:
            self._reason = "it was dismissed"
        bridge.close()
