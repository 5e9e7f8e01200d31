"""Reviewers that hand in what tests want to see judged, by the number of the attempt."""

from __future__ import annotations

from pathlib import Path

from training.structure.attempt import Revision
from training.structure.reviewers.failure import ReviewFailed

#: Where the next reviewers are told what to hand in: name to change of the files.
CHANGES = {
    "words": lambda files: files | {"prompts/plan.j2": files["prompts/plan.j2"] + "\nGood luck.\n"},
    "history": lambda files: (
        files
        | {
            "hooks.py": "SEEN = []\n"
            "def notices(context):\n    SEEN.append(context['observation'])\n    return SEEN[-3:]\n"
        }
    ),
    "seed": lambda files: (
        files | {"hooks.py": "def notices(context):\n    return [str(context['seed'])]\n"}
    ),
    "forged": lambda files: (
        files
        | {
            "hooks.py": "import benchmarks.run_directory\n"
            "def notices(context):\n    return ['progression 1.0']\n"
        }
    ),
    "broken": lambda files: (
        files | {"hooks.py": "def notices(context):\n    return [context['observation'][99_999]]\n"}
    ),
    "clash": lambda files: files | {"memory/a": "", "memory/a/b": ""},
    "long": lambda files: files | {"memory/" + "a/" * 3_000 + "b": ""},
    "large": lambda files: files | {"prompts/plan.j2": "x" * 70_000},
    "worse": lambda files: (
        files | {"hooks.py": "def check_action(action, context):\n    return 'never'\n"}
    ),
    "same": lambda files: files | {"hooks.py": "def notices(context):\n    return []\n"},
    "better": lambda files: (
        files
        | {
            "hooks.py": "def check_action(action, context):\n"
            "    return None if context['looked'] else 'READ the notes first'\n",
            "scaffold.toml": files["scaffold.toml"].replace(
                "action_retries = 1", "action_retries = 3"
            ),
        }
    ),
    "kinder": lambda files: {
        path: text.replace("'READ", "'please READ")
        for path, text in CHANGES["better"](files).items()
    },
}


class Canned:
    """Hands in changes in order; a ``!`` before one kills the process first, once.

    Args:
        changes: Names of :data:`CHANGES`, or ``failed``, with blanks between them.
        log: A file to which each asking adds a line.
    """

    def __init__(self, changes: str, log: str) -> None:
        self._changes, self._log = changes.split(), Path(log)

    def revise(self, review):
        name = self._changes[len(review.history)] if self._left(review) else ""
        with self._log.open("a") as log:
            log.write(f"{len(review.history) + 1} {name}\n")
        marker = review.folder / "killed"
        if name.startswith("!") and not marker.exists():
            marker.write_text("")
            raise KeyboardInterrupt
        name = name.removeprefix("!")
        if name == "failed":
            raise ReviewFailed("it had no idea")
        if not name:
            return None
        files = CHANGES[name](dict(review.scaffold))
        assert review.run.is_dir()
        return Revision(files, name, f"seed 0 step 1: {name}", "by looking")

    def _left(self, review) -> bool:
        return len(review.history) < len(self._changes)
