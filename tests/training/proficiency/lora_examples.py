"""Examples as they are selected from runs, and recipes for tiny models."""

from agents.model import Message
from training.proficiency.example import Example
from training.proficiency.lora_recipe import LoraRecipe

#: What the tokenizer of the tests is trained on.
TEXTS = [
    "You play a game. Write one command, such as <|ACTION|>far east<|END|>.",
    "<|SEARCH|>notes.md|stairs<|END|> <|APPEND|>notes.md|stairs down in the east<|END|>",
    "You see a wall, a door, a grid bug and some stairs down, three steps to the north.",
]
SYSTEM = Message("system", "You keep the notes of a player. Write commands. " * 3)
PLACES = ("north", "south", "east", "west")


def example(number: int, held_out: bool = False, length: int = 1) -> Example:
    """An example; ``length`` makes its prompt longer."""
    place = PLACES[number % len(PLACES)]
    routine = ("log", "plan")[number % 2]
    target = f"<|APPEND|>notes.md|stairs down in the {place}<|END|>"
    if routine == "plan":
        target = f"Far {place}.\n<|SEARCH|>notes.md|{place}<|END|><|DONE|>"
    messages = (
        SYSTEM,
        Message("user", f"You see a wall, turn {number}. " * length),
        Message("assistant", "<|READ|>notes.md<|END|>"),
        Message("user", f"Some stairs down in the {place}."),
    )
    return Example(
        episode=f"AutoMem-Test-v0/{number // 4}/0",
        turn=number,
        call=0,
        routine=routine,
        digest=f"{number:064x}",
        messages=messages,
        spans=((0, len(target)),),
        target=target,
        held_out=held_out,
    )


def examples(count: int, held_out: int = 4) -> list[Example]:
    """Some that are learnt, and some that measure."""
    learnt = [example(number) for number in range(count)]
    return learnt + [example(count + number, held_out=True) for number in range(held_out)]


def recipe(**entries) -> LoraRecipe:
    """A recipe for tiny models: few and quick steps."""
    usual = {"rank": 4, "alpha": 8, "dropout": 0.0, "accumulation": 2, "epochs": 1.0}
    return LoraRecipe.from_toml(
        {**usual, "learning_rate": 0.01, "gradient_checkpointing": False, **entries}
    )
