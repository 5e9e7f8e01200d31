"""The replay page: recorded episodes as one HTML file that needs no network."""

from benchmarks.replay.replay import write_replay

__all__ = ["write_replay"]
