"""Crafter (Hafner 2021) as a text game.

Light on purpose: importing this package loads neither crafter nor its textures.
"""

from automem_gym.registration import register_game


def register() -> None:
    """Registers ``AutoMem-Crafter-v0``; 2,000 game steps, as in BALROG's configuration."""
    register_game("Crafter", f"{__name__}.game:CrafterGame", max_game_steps=2_000)
