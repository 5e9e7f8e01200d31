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


# --- line-a-key map.md ---
CHECKED_of_line_a_key_map_md = ["APPEND"]


def check_command_of_line_a_key_map_md(command, context):
    """The lines of map.md have keys: a new line takes the place of the old one."""
    if command["op"] == "APPEND" and command["file"].strip() == "map.md":
        return "map.md keeps one line a key; write <|UPSERT|>map.md|key|text<|END|>"
    return None


# --- calls ---
def check_action(action, context):
    return (
        check_action_of_read_first(action, context)
    )


def check_command(command, context):
    return (
        check_command_of_look_before_writing(command, context)
        or check_command_of_line_a_key_map_md(command, context)
    )


CHECKED = ["APPEND", "DELETE", "MERGE", "RECORD", "UPSERT", "WRITE"]
