"""NetHack as a text game.

Light on purpose: importing this package loads neither the engine nor the tables of the text.
"""

from automem_gym.registration import register_game


def register() -> None:
    """Registers ``AutoMem-NetHack-v0``; 100,000 game steps, as in NetHackChallenge."""
    register_game("NetHack", f"{__name__}.game:NetHackGame", max_game_steps=100_000)
