"""The six commands of the Messages API's memory tool, on the files of a store.

Their arguments are what a model wrote, so they are checked here. The texts are those of the API's
own implementation, where a text of ours would not tell more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from memory_fs.mutation import whole_lines
from memory_fs.refusal import Refused
from memory_fs.suggestion import did_you_mean
from memory_fs.texts import TextFiles

ROOT = "/memories"
#: The commands, and what each takes.
COMMANDS = {
    "view": ("path", "view_range"),
    "create": ("path", "file_text"),
    "str_replace": ("path", "old_str", "new_str"),
    "insert": ("path", "insert_line", "insert_text"),
    "delete": ("path",),
    "rename": ("old_path", "new_path"),
}
#: The width in which the API's own implementation numbers lines.
_NUMBER_WIDTH = 6
#: Models put numbers into quotation marks; the SDK, too, takes them for numbers.
_DIGITS = re.compile(r"-?[0-9]{1,9}")


class MemoryCommands:
    """The commands on some files.

    Args:
        files: The files.
    """

    def __init__(self, files: TextFiles) -> None:
        self._files = files

    def run(self, arguments: Mapping[str, Any]) -> str:
        """Does what a call of the tool asks for.

        Args:
            arguments: The input of the call: ``command``, and what it takes.

        Returns:
            The result for the model.

        Raises:
            Refused: It cannot be done; the message is for the model.
        """
        command = command_of(arguments)
        given = (arguments.get(name) for name in COMMANDS[command])
        done: str = getattr(self, f"_{command}")(*given)
        return done

    def _view(self, path: object, view_range: object) -> str:
        """A file with numbered lines, or the names in a folder."""
        name = _name(path)
        if self._is_folder(name):
            return self._listing(path, name)
        lines = whole_lines(self._files.read(name))
        first, last = _view_range(view_range, len(lines))
        numbered = [
            f"{number:>{_NUMBER_WIDTH}}\t{line}"
            for number, line in enumerate(lines, 1)
            if first <= number <= last
        ]
        head = f"Here's the content of {path} with line numbers:\n"
        text = "".join(numbered)
        if len(head) + len(text) > self._files.quotas.result_chars:
            note = f"\n[cut: use view_range to see {path} in parts]"
            room = self._files.quotas.result_chars - len(head) - len(note)
            text = f"{text[: max(0, room)]}{note}"
        return f"{head}{text}"

    def _create(self, path: object, file_text: object) -> str:
        """A new file."""
        name, text = _name(path), _text("file_text", file_text)
        if any(entry.name == name for entry in self._files.files()):
            raise Refused(f"File {path} already exists")
        self._files.write(name, text)
        return f"File created successfully at: {path}"

    def _str_replace(self, path: object, old_str: object, new_str: object) -> str:
        """One place of a file replaced by another text."""
        name = _name(path)
        text = self._files.read(name)
        old, new = _text("old_str", old_str), _text("new_str", new_str)
        found = text.count(old) if old else 0
        if found != 1:
            raise Refused(
                f"old_str stands {found} times in {path}; it must stand there once: "
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
        return f"The memory file {path} has been edited."

    def _insert(self, path: object, insert_line: object, insert_text: object) -> str:
        """A text put behind a line of a file; 0 puts it first."""
        line = _number("insert_line", insert_line)
        text = _text("insert_text", insert_text)
        self._files.splice(_name(path), line, 0, text)
        return f"The file {path} has been edited."

    def _delete(self, path: object) -> str:
        """A file, or a folder with all in it, removed."""
        name = _name(path)
        if not name:
            raise Refused(f"Cannot delete the {ROOT} directory itself")
        inside = self._inside(name) if self._is_folder(name) else [name]
        for file in inside:
            self._files.delete(file)
        return f"Successfully deleted {path}"

    def _rename(self, old_path: object, new_path: object) -> str:
        """A file or a folder moved to another name."""
        old, new = _name(old_path), _name(new_path)
        if not old or not new:
            raise Refused(f"Cannot rename the {ROOT} directory itself")
        if self._is_folder(new):
            raise Refused(f"The destination {new_path} already exists")
        if f"{new}/".startswith(f"{old}/"):
            raise Refused(f"Cannot move {old_path} into itself")
        files = self._inside(old) if self._is_folder(old) else [old]
        moved = [f"{new}{file.removeprefix(old)}" for file in files]
        self._files.check_rename(files, moved)  # all of them, before the first one moves
        for file, name in zip(files, moved, strict=True):
            self._files.rename(file, name)
        return f"Successfully renamed {old_path} to {new_path}"

    def _inside(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        return [entry.name for entry in self._files.files() if entry.name.startswith(start)]

    def _is_folder(self, name: str) -> bool:
        return not name or bool(self._inside(name))

    def _listing(self, path: object, folder: str) -> str:
        names = sorted(self._inside(folder))
        sizes = {entry.name: entry.chars for entry in self._files.files()}
        lines = [f"{sizes[name]}\t{ROOT}/{name}" for name in names]
        return "\n".join([f"Here're the files in {path}, with their characters:", *lines])


def command_of(arguments: object) -> str:
    """The command that a call asks for.

    Raises:
        Refused: It is none.
    """
    command = arguments.get("command") if isinstance(arguments, Mapping) else None
    if not isinstance(command, str) or command not in COMMANDS:
        hint = did_you_mean(command, COMMANDS) if isinstance(command, str) else ""
        raise Refused(f"there is no command {command!r:.40}.{hint} There are {', '.join(COMMANDS)}")
    return command


def _name(path: object) -> str:
    """The file's name in a path of the tool; empty for the root."""
    text = _text("path", path)
    if text != ROOT and not text.startswith(f"{ROOT}/"):
        raise Refused(f"Path must start with {ROOT}, got: {text}")
    return text.removeprefix(ROOT).strip("/")


def _text(argument: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refused(f"{argument} is text, not {value!r:.40}")
    return value


def _number(argument: str, value: object) -> int:
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
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
