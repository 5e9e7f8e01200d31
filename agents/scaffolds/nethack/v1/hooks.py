"""Hooks of this scaffold: a fragment an edit. The last lines call them in turn."""


# --- common ---
import re


def _noted(context):
    """The memory files in which something stands, by the index that the prompt shows."""
    lines = re.findall(r"^(\S.*?) \((\d[\d,]*) lines?,", context["files"], re.MULTILINE)
    return [name for name, count in lines if count != "0"]


def _looked(context):
    """The files that the routine has looked into in this game step."""
    return {look["file"].strip() for look in context["looked"]}


def _blind(file, context):
    """Why a file is not written now: something stands there, and the routine has not seen it."""
    if file in _noted(context) and not _looked(context) & {file, "*"}:
        return (
            "written without a look at it. READ or SEARCH "
            + file
            + " first, then write what is new"
        )
    return None


# --- read-first ---
def check_action_of_read_first(action, context):
    """An action needs a look at the notes, where there are any."""
    files = _noted(context)
    if files and not _looked(context):
        return (
            "Nothing was looked up in this step. First READ or SEARCH what matters now: "
            + ", ".join(files)
        )
    return None


# --- look-before-writing ---
CHECKED_of_look_before_writing = ["APPEND", "WRITE", "UPSERT", "DELETE", "RECORD", "MERGE"]


def check_command_of_look_before_writing(command, context):
    """Who writes into a file has looked into it in the same step."""
    return _blind(command["file"].strip(), context)


# --- places-together dungeon.md ---
import re

OPERATIONS_of_places_together_dungeon_md = {
    "MERGE": {
        "fields": ["file", "text"],
        "summary": "add to the line of a key, as in 'key: seen 3,4 5,6; doors 2'; places are added "
        "to those that stand there, any other value takes the place of the old one",
        "mutates": True,
    }
}


def _part(text):
    """What a part is about, and its places: place to how it is written; none for a value."""
    words = text.split(" ")
    places = [word for word in words if re.match(r"\d+,\d+", word)]
    head = [word for word in words if not re.search(r"\d", word)]
    # A place can carry a number, 3,4=2: the newer one counts.
    listed = {place.partition("=")[0]: place for place in places}
    if words != head + places:
        listed = {}
    return " ".join(head if len(head) < len(words) else head[:1]), listed


def _merge(old, new):
    """The parts of a line with those of another one."""
    lists, parts = {}, {}
    for text in filter(None, old.split("; ") + new.split("; ")):
        head, listed = _part(text)
        if listed:
            lists[head] = {**lists.get(head, {}), **listed}
            text = " ".join(filter(None, [head, *lists[head].values()]))
        parts.pop(head, None)  # the newest stands last
        parts[head] = text
    return "; ".join(parts.values())


def run_operation_of_places_together_dungeon_md(name, key, text, content):
    """Adds lines, each to the one with its key."""
    lines = [line for line in (content or "").split("\n") if line.strip()]
    for line in filter(str.strip, text.split("\n")):
        head, colon, rest = line.partition(": ")
        same = [at for at, other in enumerate(lines) if other.startswith(head + ": ")]
        old = lines[same[-1]].partition(": ")[2] if colon and same else ""
        # What tells neither places nor numbers stays a line of its own, as does what is above it.
        if re.search(r"\d", old) and re.search(r"\d", rest):
            lines[same[-1]] = head + ": " + _merge(old, rest)
        elif line not in lines[-1:]:
            lines.append(line)
    return {"result": "merged; %d lines now" % len(lines), "content": "\n".join(lines) + "\n"}


CHECKED_of_places_together_dungeon_md = ["APPEND"]


def check_command_of_places_together_dungeon_md(command, context):
    """dungeon.md is written by MERGE alone, so that what is known of a thing stands in one line."""
    if command["op"] == "APPEND" and command["file"].strip() == "dungeon.md":
        return "dungeon.md keeps one line a key; write <|MERGE|>dungeon.md|key: words<|END|>"
    return None


# --- calls ---
def check_action(action, context):
    return (
        check_action_of_read_first(action, context)
    )


def check_command(command, context):
    return (
        check_command_of_look_before_writing(command, context)
        or check_command_of_places_together_dungeon_md(command, context)
    )


CHECKED = ["APPEND", "DELETE", "MERGE", "RECORD", "UPSERT", "WRITE"]


OPERATIONS = {**OPERATIONS_of_places_together_dungeon_md}


def run_operation(name, key, text, content):
    if name in OPERATIONS_of_places_together_dungeon_md:
        return run_operation_of_places_together_dungeon_md(name, key, text, content)
