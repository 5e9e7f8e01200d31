"""What a pair reached on a device, against what the device could do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.pair.pass_meter import Passes
from benchmarks.pair.played import Played


@dataclass(frozen=True)
class Reached:
    """One measurement.

    Attributes:
        in_flight: Episodes that were played at the same time.
        played: What was played; its seconds are those of the wall.
        prefill: Passes that read prompts.
        decode: Passes that read one token of each running answer.
        read_bytes: What all decode passes had to read: the weights, and of each row its keys and
            values.
        bandwidth: Bytes a second that the device's memory does.
        engine: What the engine did.
        memory: Memory of the device, in bytes by name.
    """

    in_flight: int
    played: Played
    prefill: Passes
    decode: Passes
    read_bytes: int
    bandwidth: float
    engine: Mapping[str, int]
    memory: Mapping[str, int]

    @property
    def share(self) -> float:
        """How much of the limit that the memory's bandwidth sets decoding reaches.

        At the limit a decode pass takes the time to read its bytes, and no more.
        """
        return self.read_bytes / self.decode.seconds / self.bandwidth

    @property
    def figures(self) -> dict[str, float]:
        """The figures, as a table shows them."""
        played, prefill, decode = self.played, self.prefill, self.decode
        return {
            "game steps/s": played.game_steps_per_second,
            "prefilled tokens/s": played.prefilled / played.seconds,
            "  in prefill passes": prefill.tokens / prefill.seconds,
            "decoded tokens/s": played.usage.output_tokens / played.seconds,
            "  in decode passes": decode.tokens / decode.seconds,
            "rows of a decode pass": decode.tokens / decode.count,
            "ms of a decode pass": 1e3 * decode.seconds / decode.count,
            "GB read in a decode pass": self.read_bytes / decode.count / 1e9,
            "share of the bandwidth limit, %": 100 * self.share,
            "time in prefill, %": 100 * prefill.seconds / played.seconds,
            "time in decode, %": 100 * decode.seconds / played.seconds,
            **{f"{name}, GB": size / 1e9 for name, size in self.memory.items()},
        }

    def to_json(self) -> dict[str, Any]:
        """It as plain data."""
        return {
            "in_flight": self.in_flight,
            "figures": self.figures,
            "played": self.played.to_json(),
            "prefill": asdict(self.prefill),
            "decode": asdict(self.decode),
            "read_bytes": self.read_bytes,
            "bandwidth": self.bandwidth,
            "engine": dict(self.engine),
            "memory": dict(self.memory),
        }
