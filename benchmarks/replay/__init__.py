"""The replay page: a run as one HTML file that needs no network."""

from benchmarks.replay.page import build_page

__all__ = ["build_page"]
