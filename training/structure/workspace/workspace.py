"""The workspace of one review."""

from __future__ import annotations

from agents.scaffold.directory import MANIFEST
from agents.scaffold.manifest import Manifest
from memory_fs import Refused
from training.structure.attempt import Revision
from training.structure.review import Review
from training.structure.revision_words import word_problems
from training.structure.workspace.draft import Draft
from training.structure.workspace.files import Files
from training.structure.workspace.lineage import lineage
from training.structure.workspace.recordings import PARENT, Recordings
from training.structure.workspace.reference import reference
from training.structure.workspace.references import reference_problems
from training.structure.workspace.traces import Traces

#: Where the files of the revision stand.
REVISION = "revision"


class Workspace:
    """All that a reviewer can do. Each method is a tool; what it returns is text of any length.

    What cannot be done raises :class:`memory_fs.Refused`, a recording that is damaged
    :class:`benchmarks.trace.TraceError`.

    Args:
        review: What is reviewed.

    Attributes:
        revision: The finished revision; None until :meth:`finish` was taken.
    """

    def __init__(self, review: Review) -> None:
        self.revision: Revision | None = None
        self._review = review
        failed = review.failed.revision if review.failed is not None else None
        self._draft = Draft(review.scaffold, None if failed is None else failed.files)
        past = lineage(review)
        self._files = Files(
            {
                "scaffold": lambda: review.scaffold,
                REVISION: lambda: self._draft.files,
                "lineage": lambda: past,
                "reference": reference,
            }
        )
        self._recordings = Recordings.of(review)
        manifest = Manifest(review.scaffold.get(MANIFEST, ""), MANIFEST)
        self._traces = Traces(
            self._recordings, manifest.data.get("limits", {}).get("stuck_steps", 1)
        )

    @property
    def runs(self) -> tuple[str, ...]:
        """Names of the runs that can be queried."""
        return self._recordings.names

    @property
    def finished(self) -> bool:
        """Whether the revision is finished."""
        return self.revision is not None

    def list_files(self, folder: str = "") -> str:
        """The files that can be read."""
        return self._files.list(folder)

    def read_file(self, path: str) -> str:
        """A file."""
        return self._files.read(path)

    def search(self, text: str, where: str = "") -> str:
        """The lines of files that hold a text."""
        return self._files.search(text, where)

    def episodes(self, run: str = PARENT, order: str = "worst") -> str:
        """The episodes of a run, by score."""
        return self._traces.episodes(run, order)

    def steps(self, what: str, episode: str = "", text: str = "", run: str = PARENT) -> str:
        """The game steps in which something happened."""
        return self._traces.steps(episode, what, text, run)

    def step(self, episode: str, step: int, run: str = PARENT, system: bool = False) -> str:
        """One game step in full."""
        return self._traces.step(episode, step, run, system)

    def memory(self, episode: str, step: int, file: str = "", run: str = PARENT) -> str:
        """The memory after a game step."""
        return self._traces.memory(episode, step, file, run)

    def compare(self, episode: str, other: str, run: str = PARENT) -> str:
        """The same episode in two runs."""
        return self._traces.compare(episode, other, run)

    def check(self) -> str:
        """What is wrong with the revision as it is."""
        problems = self._review.check(dict(self._draft.files))
        return "\n".join(problems) or "nothing is wrong with it"

    def write_file(self, path: str, text: str) -> str:
        """Writes a whole file of the revision."""
        name = path.removeprefix(f"{REVISION}/")
        self._draft.write(name, text)
        return f"{REVISION}/{name} has {len(text):,} characters"

    def delete_file(self, path: str) -> str:
        """Takes a file out of the revision."""
        name = path.removeprefix(f"{REVISION}/")
        self._draft.delete(name)
        return f"{REVISION}/{name} is gone"

    def diff(self) -> str:
        """How the revision differs from the scaffold."""
        return self._draft.diff() or "nothing differs"

    def finish(self, title: str, analysis: str, method: str) -> str:
        """Ends the review, where nothing is wrong with the revision.

        Raises:
            Refused: Something is; the message tells all of it.
        """
        written = {"title": title, "analysis": analysis, "method": method}
        problems = word_problems(written)
        if not self._draft.changed:
            problems.append("the revision is the scaffold as it was")
        problems += reference_problems(analysis, self._recordings)
        problems += self._review.check(dict(self._draft.files))
        if problems:
            raise Refused("not finished:\n" + "\n".join(problems))
        texts = {name: text.strip() for name, text in written.items()}
        self.revision = Revision(dict(self._draft.files), **texts)
        return "finished"
