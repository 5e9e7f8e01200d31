"""Crafter (Hafner 2021) as a text game.

Light on purpose: importing this package loads neither crafter nor its textures.
"""

from automem_gym.registration import register_game


def register() -> None:
    """Registers ``AutoMem-Crafter-v0`` and ``AutoMem-Crafter-Courier-v0``.

    The limit of game steps is 2,000, as in BALROG's configuration, and half of it for the courier.
    """
    register_game("Crafter", f"{__name__}.game:CrafterGame", max_game_steps=2_000)
    register_game(
        "Crafter-Courier",
        f"{__name__}.courier:CourierGame",
        game_name="Courier",
        max_game_steps=1_000,
    )
