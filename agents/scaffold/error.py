"""What can be wrong with a scaffold."""

from __future__ import annotations

#: Of one file, this many problems are told at most: what is that wrong was not meant to be right.
MOST_PROBLEMS = 50


class ScaffoldError(ValueError):
    """A scaffold is not valid, or one of its prompts cannot be rendered.

    Args:
        *problems: What is wrong, each as ``file:line: what; what is allowed``.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class ScaffoldHookError(ScaffoldError):
    """A hook of a scaffold failed, or returned what no hook may return."""
