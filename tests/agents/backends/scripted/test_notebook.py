import random
import re
from typing import ClassVar

import pytest

from agents.backends.scripted.note import Lookup, Note
from agents.backends.scripted.notebook import Notebook
from agents.backends.scripted.player import Player
from agents.backends.scripted.prompt import read_prompt
from agents.model import Message
from memory_fs import FIELDS, form

SEVEN = ("SEARCH", "READ", "TAIL", "COUNT", "APPEND", "WRITE", "CREATE")


class Keeper:
    """Keeps the last line of the actions."""

    bulk: ClassVar = {"actions": re.compile("step ")}

    def whole(self, kind):
        return [f"the last of {kind}"]


def notebook(files, offered=SEVEN, sizes=None, asked="", results=""):
    """A notebook of files with purposes, of which some hold something."""
    commands = "\n".join(form(op, FIELDS[op]) for op in offered)
    named = "\n".join(f"{name}: {why}" for name, why in files.items())
    sizes = dict.fromkeys(files, (1, 10)) | (sizes or {})
    index = "\n".join(f"{name} ({n} lines, {m:,} chars)" for name, (n, m) in sizes.items())
    talk = [
        Message(
            "system",
            f"<commands>\n{commands}\n</commands>\n<memory_files>\n{named}\n</memory_files>",
        ),
        Message("user", f"<observation>\nx\n</observation>\n<files>\n{index}\n</files>"),
    ]
    if asked:
        talk.append(Message("assistant", asked))
        talk.append(Message("user", f"<results>\n{results}\n</results>"))
    return Notebook(read_prompt(talk))


def written(book, *notes):
    return [str(command) for command in book.writes(notes, Keeper())]


@pytest.mark.parametrize(
    ("files", "kind", "file"),
    [
        ({"dungeon.md": "", "log.md": ""}, "map", "dungeon.md"),
        ({"a.md": "what is where", "b.md": "actions taken"}, "map", "a.md"),
        ({"a.md": "what is where", "b.md": "actions taken"}, "actions", "b.md"),
        ({"crafting.md": "", "strategy.md": ""}, "progress", "crafting.md"),
        ({"rules.md": "", "strategy.md": ""}, "progress", "strategy.md"),
        ({"a.md": "", "my notes.md": ""}, "encounters", "my notes.md"),
        ({"a.md": "", "b.md": ""}, "map", "a.md"),
        ({"Survival/1.md": ""}, "survival", "Survival/1.md"),
    ],
)
def test_names_and_then_purposes_say_what_goes_where(files, kind, file):
    assert written(notebook(files), Note(kind, "x")) == [f"<|APPEND|>{file}|x<|END|>"]


def test_without_files_nothing_is_looked_up_or_written():
    book = notebook({})
    assert written(book, Note("map", "x")) == []
    assert book.lookups([Lookup("map", "all")]) == []


def looked(book, *lookups):
    return [str(command) for command in book.lookups(lookups)]


ALL, LAST, WITH = Lookup("map", "all"), Lookup("map", "last", "4"), Lookup("map", "with", "cow")


@pytest.mark.parametrize(
    ("offered", "lookup", "command"),
    [
        (SEVEN, ALL, "<|READ|>map.md<|END|>"),
        (SEVEN, LAST, "<|TAIL|>map.md|4<|END|>"),
        (SEVEN, WITH, "<|SEARCH|>map.md|cow<|END|>"),
        (("READ",), LAST, "<|READ|>map.md<|END|>"),
        (("READ",), WITH, "<|READ|>map.md<|END|>"),
        (("TAIL",), ALL, "<|TAIL|>map.md|150<|END|>"),
        (("TAIL",), WITH, "<|TAIL|>map.md|150<|END|>"),
    ],
)
def test_looks_up_with_what_is_offered(offered, lookup, command):
    assert looked(notebook({"map.md": ""}, offered), lookup) == [command]


def test_cannot_look_up_without_an_operation_that_shows_it():
    book = notebook({"map.md": ""}, ("COUNT", "APPEND"))
    assert looked(book, ALL, LAST, WITH) == []


def test_an_empty_file_is_not_looked_up():
    book = notebook({"map.md": "", "actions.md": ""}, sizes={"map.md": (0, 0)})
    assert looked(book, ALL, Lookup("actions", "all")) == ["<|READ|>actions.md<|END|>"]


def test_a_file_that_is_read_is_not_searched_too():
    assert looked(notebook({"map.md": ""}), WITH, ALL, LAST) == ["<|READ|>map.md<|END|>"]


def test_what_was_asked_is_not_asked_again():
    book = notebook({"map.md": ""}, asked="<|READ|>map.md<|END|>", results="READ map.md: 1 line\nx")
    assert looked(book, ALL, WITH) == []


def test_of_a_file_that_was_cut_the_rest_is_asked_for():
    cut = "READ map.md: 90 lines [first 4 of 9,000 characters; SEARCH and TAIL show others]\na\nb"
    book = notebook({"map.md": ""}, asked="<|READ|>map.md<|END|>", results=cut)
    assert looked(book, ALL, WITH) == ["<|TAIL|>map.md|150<|END|>", "<|SEARCH|>map.md|cow<|END|>"]


def test_writes_facts_once_and_states_again():
    shown = "READ map.md: 2 lines\ntree at 1 2\nhealth 9"
    book = notebook({"map.md": ""}, asked="<|READ|>map.md<|END|>", results=shown)
    notes = [Note("map", "tree at 1 2"), Note("map", "cow at 3 4"), Note("map", "cow at 3 4")]
    assert written(book, *notes) == ["<|APPEND|>map.md|cow at 3 4<|END|>"]
    assert written(book, Note("map", "health 9", state=True)) == [
        "<|APPEND|>map.md|health 9<|END|>"
    ]


def test_who_has_forgotten_writes_known_facts_again():
    shown = "READ map.md: 1 line\ntree at 1 2"
    book = notebook({"map.md": ""}, asked="<|READ|>map.md<|END|>", results=shown)
    book.forget()
    assert written(book, Note("map", "tree at 1 2")) == ["<|APPEND|>map.md|tree at 1 2<|END|>"]


def test_one_command_a_file():
    book = notebook({"map.md": "", "actions.md": ""})
    notes = [Note("map", "a"), Note("actions", "b"), Note("map", "c")]
    assert written(book, *notes) == [
        "<|APPEND|>map.md|a\nc<|END|>",
        "<|APPEND|>actions.md|b<|END|>",
    ]


def test_writes_with_what_is_offered():
    note, files = Note("map", "tree: 1 2"), {"map.md": ""}
    assert written(notebook(files, ("UPSERT",)), note) == ["<|UPSERT|>map.md|tree|1 2<|END|>"]
    assert written(notebook(files, ("READ",)), note) == []
    empty = notebook(files, ("WRITE",), sizes={"map.md": (0, 0)})
    assert written(empty, note) == ["<|WRITE|>map.md|tree: 1 2<|END|>"]
    # What else stands there must not be lost.
    assert written(notebook(files, ("WRITE",)), note) == []
    shown = "READ map.md: 1 line\nfirst"
    read = notebook(files, ("READ", "WRITE"), asked="<|READ|>map.md<|END|>", results=shown)
    assert written(read, note) == ["<|WRITE|>map.md|first\ntree: 1 2<|END|>"]


def test_a_note_is_one_line_that_ends_no_command():
    book = notebook({"map.md": ""})
    assert written(book, Note("map", "a\nb<|END|>  c")) == ["<|APPEND|>map.md|a b c<|END|>"]


LONG = "TAIL actions.md: [last 2 of 900 lines]\nstep 8: a\na hint"


@pytest.mark.parametrize(
    ("files", "size", "commands"),
    [
        ({"actions.md": ""}, 30_000, ["<|APPEND|>actions.md|step 9: b<|END|>"]),
        (
            {"notes.md": "", "actions.md": "", "map.md": "", "strategy.md": ""},
            30_000,
            ["<|WRITE|>actions.md|a hint\nthe last of actions<|END|>"],
        ),
        (
            {"notes.md": "", "actions.md": "", "map.md": "", "strategy.md": ""},
            10_000,
            ["<|APPEND|>actions.md|step 9: b<|END|>"],
        ),
    ],
)
def test_a_long_file_is_rewritten_where_only_what_is_stale_gets_lost(files, size, commands):
    asked = "<|TAIL|>actions.md|2<|END|>"
    sizes = {"actions.md": (900, size)}
    book = notebook(files, sizes=sizes, asked=asked, results=LONG)
    assert written(book, Note("actions", "step 9: b", state=True)) == commands


def test_players_are_keepers():
    player = Player(read_prompt([]), notebook({}), random.Random(0))
    assert player.notebook.writes([Note("map", "x")], player) == []
