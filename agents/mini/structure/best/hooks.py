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


# --- note-what-is-new ---
def check_done_of_note_what_is_new(context):
    """A step without a note is asked about once; there may be none to make."""
    if not context["wrote"]:
        return "nothing was noted in this step. SEARCH what is known, then write what is new"
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


# --- calls ---
def check_action(action, context):
    return (
        check_action_of_read_first(action, context)
    )


def check_command(command, context):
    return (
        check_command_of_look_before_writing(command, context)
    )


def check_done(context):
    return (
        check_done_of_note_what_is_new(context)
    )


CHECKED = ["APPEND", "DELETE", "MERGE", "RECORD", "UPSERT", "WRITE"]
