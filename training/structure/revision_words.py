"""What a reviewer may say of its revision: the one check of title, analysis and method."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.terminal.plain_text import plain

#: Longest texts, in characters.
LONGEST = {"title": 200, "analysis": 20_000, "method": 10_000}


def word_problems(words: Mapping[str, str]) -> list[str]:
    """What is wrong with the words of a revision; nothing where they may be kept and shown.

    Args:
        words: ``title``, ``analysis`` and ``method``.
    """
    problems = [
        f"{name} has {len(words[name]):,} characters; 1 to {most:,} are allowed"
        for name, most in LONGEST.items()
        if not 0 < len(words[name].strip()) <= most
    ]
    title = words["title"].strip()
    if "\n" in title:
        problems.append("title is one line")
    # The title stands in terminals, pages and the lineage's log, beside what others wrote.
    if steering := sorted({c for c in title if c != "\n" and plain(c) != c}):
        codes = ", ".join(f"U+{ord(c):04X}" for c in steering[:10])
        problems.append(
            f"title holds {codes}: it is plain text; leave tabs, control characters and marks of "
            "the direction of writing out"
        )
    problems += [
        f"{name} holds characters that UTF-8 cannot"
        for name in LONGEST
        if words[name].encode("utf-8", "replace").decode("utf-8") != words[name]
    ]
    return problems
