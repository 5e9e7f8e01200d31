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


# --- last-lines actions.md ---
OPERATIONS_of_last_lines_actions_md = {
    "RECORD": {
        "fields": ["file", "text"],
        "summary": "add lines at the end; the file keeps its last 12 lines and counts the others",
        "mutates": True,
    }
}


def run_operation_of_last_lines_actions_md(name, key, text, content):
    """Adds lines, and leaves out the oldest."""
    lines = (content or "").strip("\n").split("\n") if (content or "").strip() else []
    gone = 0
    if lines and (head := re.fullmatch(r"\((\d+) earlier lines were left out\)", lines[0])):
        gone = int(head[1])
        lines = lines[1:]
    lines += text.strip("\n").split("\n")
    more = max(0, len(lines) - 12)
    gone, lines = gone + more, lines[more:]
    head = ["(%d earlier lines were left out)" % gone] if gone else []
    return {"result": "added; %d lines now" % len(lines), "content": "\n".join(head + lines) + "\n"}


CHECKED_of_last_lines_actions_md = ["APPEND"]


def check_command_of_last_lines_actions_md(command, context):
    """actions.md is written by RECORD alone, so that it stays short."""
    if command["op"] == "APPEND" and command["file"].strip() == "actions.md":
        return "actions.md keeps its last lines only; write <|RECORD|>actions.md|text<|END|>"
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


# --- no-effect ---
def notices_of_no_effect(context):
    """Says in plain words that the last action did nothing."""
    if context["unchanged"] and context["last_action"]:
        return ["'" + context["last_action"] + "' has just changed nothing: choose another action."]
    return []


def check_action_of_no_effect(action, context):
    """What has changed nothing twice is not done a third time."""
    if context["stuck"] and action == context["last_action"]:
        return (
            "'"
            + action
            + "' has changed nothing for "
            + str(context["stuck"])
            + " steps. Choose another action"
        )
    return None


# --- calls ---
def notices(context):
    return [*notices_of_no_effect(context)]


def check_action(action, context):
    return (
        check_action_of_read_first(action, context)
        or check_action_of_no_effect(action, context)
    )


def check_command(command, context):
    return (
        check_command_of_last_lines_actions_md(command, context)
        or check_command_of_look_before_writing(command, context)
        or check_command_of_line_a_key_map_md(command, context)
    )


CHECKED = ["APPEND", "DELETE", "MERGE", "RECORD", "UPSERT", "WRITE"]


OPERATIONS = {**OPERATIONS_of_last_lines_actions_md}


def run_operation(name, key, text, content):
    if name in OPERATIONS_of_last_lines_actions_md:
        return run_operation_of_last_lines_actions_md(name, key, text, content)
