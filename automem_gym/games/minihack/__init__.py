"""MiniHack: small tasks on the engine of NetHack.

Light on purpose: importing this package loads neither the engine nor the library.
"""

from automem_gym.games.minihack.tasks import TASKS
from automem_gym.registration import register_game


def register() -> None:
    """Registers ``AutoMem-MiniHack-v0``, which needs a ``task``, and an id a task of the table.

    The limit of game steps is BALROG's, 100, where the table names no other.
    """
    game = f"{__name__}.game:MiniHackGame"
    register_game("MiniHack", game, max_game_steps=100)
    for name, task in TASKS.items():
        register_game(
            f"MiniHack-{name}", game, game_name="MiniHack", max_game_steps=task.steps, task=name
        )
