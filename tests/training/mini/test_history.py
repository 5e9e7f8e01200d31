"""What the embedded model has learnt from, as it ships, and what its cards say of that."""

from agents.backends.local.place import EMBEDDED
from agents.scaffold.directory import USED_SEEDS
from training.mini.cards import data_card, model_card
from training.mini.history import History
from training.mini.ship_command import CARDS

FOLDER = EMBEDDED["mini"]
#: Behind this stands what was said of the model by hand.
_NOTE = "## What else"


def test_the_cards_that_ship_are_those_of_its_history():
    history = History.read(FOLDER)
    assert (FOLDER / "DATA.md").read_text("utf-8") == data_card(history)
    card = (FOLDER / "README.md").read_text("utf-8")
    assert card.partition(_NOTE)[0] == model_card(FOLDER, history).partition(_NOTE)[0]
    used = (FOLDER / USED_SEEDS).read_text("utf-8")
    played = [task["seeds"] for corpus in history.corpora for task in corpus["tasks"]]
    assert all(f'"{seeds}"' in used for seeds in played)
    assert all((FOLDER / name).is_file() for name in CARDS)


def test_what_comes_after_stands_behind_what_was_before():
    history = History.read(FOLDER)
    assert history.after([], []) == history
    more = history.after([FOLDER], [])
    assert more.trainings[:-1] == history.trainings
    # The files of the last training ship, too.
    assert more.trainings[-1] == history.trainings[-1]
