"""Traces: one JSONL file per episode, from which every turn can be rebuilt."""

from benchmarks.trace.memory_replay import MemoryReplay
from benchmarks.trace.reader import Trace, TraceError, Turn
from benchmarks.trace.recorder import TRACE, Recorder

__all__ = ["TRACE", "MemoryReplay", "Recorder", "Trace", "TraceError", "Turn"]
