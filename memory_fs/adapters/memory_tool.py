"""The Messages API's memory tool on a store: Claude's own commands, our quotas and journal.

Needs the anthropic SDK.

    tool = StoreMemoryTool(store)
    client.beta.messages.run_tools(model=..., messages=..., tools=[tool])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anthropic.lib.tools import BetaAbstractMemoryTool, ToolError
from anthropic.types.beta import (
    BetaMemoryTool20250818CreateCommand,
    BetaMemoryTool20250818DeleteCommand,
    BetaMemoryTool20250818InsertCommand,
    BetaMemoryTool20250818RenameCommand,
    BetaMemoryTool20250818StrReplaceCommand,
    BetaMemoryTool20250818ViewCommand,
)

from memory_fs.mutation import whole_lines
from memory_fs.refusal import Refused
from memory_fs.texts import TextFiles

ROOT = "/memories"
#: The width in which the API's own implementation numbers lines.
_NUMBER_WIDTH = 6


class StoreMemoryTool(BetaAbstractMemoryTool):
    """Claude's memory tool on the files of a store.

    Args:
        files: The store.
        clock: Gives the turn and the command's place in it, for the journal; without it everything
            happens in turn 0.
    """

    def __init__(
        self, files: TextFiles, clock: Callable[[], tuple[int, int]] | None = None
    ) -> None:
        super().__init__()
        self._files = files
        self._clock = clock or (lambda: (0, 0))

    def view(self, command: BetaMemoryTool20250818ViewCommand) -> str:
        """A file with numbered lines, or the names in a folder."""
        with self._refusals():
            name = _name(command.path)
            if self._is_folder(name):
                return self._listing(command.path, name)
            lines = whole_lines(self._files.read(name))
            first, last = _view_range(command.view_range, len(lines))
            limit = self._files.quotas.result_chars
            numbered = [
                f"{number:>{_NUMBER_WIDTH}}\t{line}"
                for number, line in enumerate(lines, 1)
                if first <= number <= last
            ]
            text = "".join(numbered)
            if len(text) > limit:
                text = f"{text[:limit]}\n[cut: use view_range to see {command.path} in parts]"
            return f"Here's the content of {command.path} with line numbers:\n{text}"

    def create(self, command: BetaMemoryTool20250818CreateCommand) -> str:
        """A new file."""
        with self._refusals():
            name, text = _name(command.path), _text("file_text", command.file_text)
            if any(entry.name == name for entry in self._files.files()):
                raise Refused(f"File {command.path} already exists")
            self._files.write(name, text)
            return f"File created successfully at: {command.path}"

    def str_replace(self, command: BetaMemoryTool20250818StrReplaceCommand) -> str:
        """One place of a file replaced by another text."""
        with self._refusals():
            name = _name(command.path)
            text = self._files.read(name)
            old, new = _text("old_str", command.old_str), _text("new_str", command.new_str)
            found = text.count(old) if old else 0
            if found != 1:
                raise Refused(
                    f"old_str stands {found} times in {command.path}; it must stand there once: "
                    "include more of the text around it"
                )
            start = text.index(old)
            end = start + len(old)
            # Whole lines, so that the journal records what has changed and not the whole file.
            begin, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end - 1) + 1
            changed = f"{text[begin:start]}{new}{text[end:stop]}"
            if changed and not changed.endswith("\n") and stop < len(text):
                after = text.find("\n", stop) + 1  # the line break went, so the next line joins
                changed, stop = f"{changed}{text[stop:after]}", after
            gone = text.count("\n", begin, stop)
            self._files.splice(name, text.count("\n", 0, begin), gone, changed)
            return f"The memory file {command.path} has been edited."

    def insert(self, command: BetaMemoryTool20250818InsertCommand) -> str:
        """A text put behind a line of a file; 0 puts it first."""
        with self._refusals():
            line = _number("insert_line", command.insert_line)
            text = _text("insert_text", command.insert_text)
            self._files.splice(_name(command.path), line, 0, text)
            return f"The file {command.path} has been edited."

    def delete(self, command: BetaMemoryTool20250818DeleteCommand) -> str:
        """A file, or a folder with all in it, removed."""
        with self._refusals():
            name = _name(command.path)
            if not name:
                raise Refused(f"Cannot delete the {ROOT} directory itself")
            inside = self._inside(name) if self._is_folder(name) else [name]
            for file in inside:
                self._files.delete(file)
            return f"Successfully deleted {command.path}"

    def rename(self, command: BetaMemoryTool20250818RenameCommand) -> str:
        """A file or a folder moved to another name."""
        with self._refusals():
            old, new = _name(command.old_path), _name(command.new_path)
            if not old or not new:
                raise Refused(f"Cannot rename the {ROOT} directory itself")
            if self._is_folder(new):
                raise Refused(f"The destination {command.new_path} already exists")
            if f"{new}/".startswith(f"{old}/"):
                raise Refused(f"Cannot move {command.old_path} into itself")
            files = self._inside(old) if self._is_folder(old) else [old]
            moved = [f"{new}{file.removeprefix(old)}" for file in files]
            self._files.check_rename(files, moved)  # all of them, before the first one moves
            for file, name in zip(files, moved, strict=True):
                self._files.rename(file, name)
            return f"Successfully renamed {command.old_path} to {command.new_path}"

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Stamps the command, and hands refusals to the model as the API wants them."""
        self._files.stamp(*self._clock())
        try:
            yield
        except Refused as refusal:
            raise ToolError(str(refusal)) from refusal

    def _inside(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        return [entry.name for entry in self._files.files() if entry.name.startswith(start)]

    def _is_folder(self, name: str) -> bool:
        return not name or bool(self._inside(name))

    def _listing(self, path: str, folder: str) -> str:
        names = sorted(self._inside(folder))
        sizes = {entry.name: entry.chars for entry in self._files.files()}
        lines = [f"{sizes[name]}\t{ROOT}/{name}" for name in names]
        return "\n".join([f"Here're the files in {path}, with their characters:", *lines])


def _name(path: object) -> str:
    """The file's name in a path of the tool; empty for the root."""
    text = _text("path", path)
    if text != ROOT and not text.startswith(f"{ROOT}/"):
        raise Refused(f"Path must start with {ROOT}, got: {text}")
    return text.removeprefix(ROOT).strip("/")


# The SDK builds commands without checking what the model put into them.
def _text(argument: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refused(f"{argument} is text, not {value!r:.40}")
    return value


def _number(argument: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(f"{argument} is a number, not {value!r:.40}")
    return value


def _view_range(value: object, lines: int) -> tuple[int, int]:
    """First and last line to show."""
    if value is None:
        return 1, lines
    if not isinstance(value, list) or len(value) != 2:
        raise Refused(f"view_range is [first line, last line], not {value!r:.40}")
    first, last = (_number("a line of view_range", line) for line in value)
    if not 1 <= first <= max(lines, 1):
        raise Refused(f"the file has {lines} lines; view_range begins at {first}")
    return first, lines if last == -1 else last
