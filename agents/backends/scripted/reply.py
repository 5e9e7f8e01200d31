"""The reply to a conversation: LOG looks, writes and is done; PLAN looks and acts."""

from __future__ import annotations

from collections.abc import Sequence

from agents.backends.scripted.habits import Habits
from agents.backends.scripted.knobs import Knobs
from agents.backends.scripted.note import Note
from agents.backends.scripted.notebook import Notebook
from agents.backends.scripted.player import Player, choose
from agents.backends.scripted.prompt import Prompt, read_prompt
from agents.model import Message
from automem_gym import GameAction
from memory_fs.syntax import END, opening

_DONE = opening("DONE")
#: What is answered where the prompt names no action at all.
_NO_ACTION = "wait"


def reply(messages: Sequence[Message], knobs: Knobs, seed: int) -> str:
    """Answers a conversation: a pure function of its arguments.

    Args:
        messages: The conversation.
        knobs: The habits.
        seed: Seed of the call.
    """
    prompt, habits = read_prompt(messages), Habits(knobs, seed)
    notebook = Notebook(prompt)
    player = choose(prompt.rules.text)(prompt, notebook, habits.rng)
    routine = _log if prompt.routine == "log" else _plan
    commands = routine(prompt, notebook, player, habits)
    return habits.dress(commands, _any_action(prompt, habits))


def _log(prompt: Prompt, notebook: Notebook, player: Player, habits: Habits) -> list[str]:
    if prompt.written and not prompt.sent_back and not prompt.owed:
        return [_DONE]
    # Who is told to look looks, whatever the habits.
    looks = bool(prompt.asked) or prompt.sent_back
    looks = looks or (habits.shows("consult") and not habits.shows("blind"))
    if looks and not prompt.last_turn:
        commands = notebook.lookups(player.lookups())
        if commands:
            return list(map(str, commands))
    if not looks:
        notebook.forget()
    notes = [] if habits.shows("neglect") and not prompt.sent_back else player.outcome()
    if habits.shows("repeat"):
        notes += _again(notebook, notes, habits)
    commands = notebook.writes(notes, player)
    early = [str(GameAction(_any_action(prompt, habits)))] if habits.shows("early") else []
    return [*map(str, commands), *early, _DONE]


def _again(notebook: Notebook, notes: list[Note], habits: Habits) -> list[Note]:
    """A line that is known, to be written once more."""
    known = [
        Note(kind, line, state=True)
        for kind in dict.fromkeys(note.kind for note in notes)
        for line in notebook.lines(kind)
        if line.strip()
    ]
    return [habits.rng.choice(known)] if known else []


def _plan(prompt: Prompt, notebook: Notebook, player: Player, habits: Habits) -> list[str]:
    if _looks(prompt, habits):
        commands = notebook.lookups(player.lookups())
        if commands:
            return list(map(str, commands))
    if habits.shows("linger") and not prompt.told:
        return _linger(prompt, habits)
    return [str(GameAction(_allowed(prompt, player.action(), habits)))]


def _looks(prompt: Prompt, habits: Habits) -> bool:
    """Whether it would look something up now."""
    if prompt.sent_back and not prompt.last_turn:
        return True
    if prompt.asked or prompt.last_turn:
        # Who takes over acts on what was found; others look once more at what was cut.
        return not prompt.told
    return habits.shows("consult") and not habits.shows("forget")


def _linger(prompt: Prompt, habits: Habits) -> list[str]:
    """Looks at any file, or only talks."""
    names, offered = prompt.files, prompt.rules.operations
    if not names or not offered & {"READ", "TAIL"}:
        return ["Let me think about this a little longer."]
    file = habits.rng.choice(names)
    return [
        f"{opening('READ')}{file}{END}" if "READ" in offered else f"{opening('TAIL')}{file}|5{END}"
    ]


def _allowed(prompt: Prompt, action: str, habits: Habits) -> str:
    """The action, or another one where it cannot be taken or was turned down before."""
    actions = prompt.rules.actions
    if action not in prompt.committed and (action in actions or not actions):
        return action or _NO_ACTION
    others = [other for other in actions if other not in prompt.committed]
    return habits.rng.choice(others or list(actions) or [_NO_ACTION])


def _any_action(prompt: Prompt, habits: Habits) -> str:
    return habits.rng.choice(prompt.rules.actions or (_NO_ACTION,))
