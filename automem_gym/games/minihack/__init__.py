"""MiniHack: small tasks on the engine of NetHack.

Light on purpose: importing this package loads neither the engine nor the library.
"""

from automem_gym.games.minihack.tasks import TASKS
from automem_gym.registration import register_game


def register() -> None:
    """Registers ``AutoMem-MiniHack-TASK-v0`` for the tasks of the table; 100 game steps each."""
    for task in TASKS:
        register_game(
            f"MiniHack-{task}",
            f"{__name__}.game:MiniHackGame",
            game_name="MiniHack",
            max_game_steps=100,
            task=task,
        )
