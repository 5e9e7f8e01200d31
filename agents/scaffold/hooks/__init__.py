"""Hooks: a scaffold's own code, which adds notices and turns actions and commands down.

``hooks.py`` may define, each where it is wanted::

    def notices(context): ...                 # list of texts, for the prompts
    def check_action(action, context): ...    # why a game action is turned down, or None
    def check_command(command, context): ...  # the same for {"op", "file", "key", "text"}
    def check_done(context): ...              # why LOG is asked once more, or None
    CHECKED = ["APPEND", "WRITE"]             # commands that it is asked about; all without this
    OPERATIONS = {"NAME": {"fields": ["file", "text"], "summary": "...", "mutates": True}}
    def run_operation(name, key, text, content): ...  # {"result": text, "content": text or None}

``context`` holds the variables of the prompts and ``game``. ``content`` is the text of the named
file, None where there is no such file or the operation names none; what is returned as content
replaces it. All that goes in and comes out is plain JSON. Hooks that do not ship with this package
run in a sandbox (docs/sandbox.md), where every call finds the code as if it was just imported.
"""

from agents.scaffold.hooks.hooks import Hooks

__all__ = ["Hooks"]
