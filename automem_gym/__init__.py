"""Text environments whose action space also holds a memory.

Importing this package registers the ids ``AutoMem-...-v0`` with Gymnasium; the games themselves are
imported when an environment is made.
"""

__version__ = "0.1.0"

from automem_gym import games, shared_text
from automem_gym.action import GameAction
from automem_gym.env import AutoMemEnv
from automem_gym.game import EpisodeEnd, Frame, Game, Sight
from automem_gym.registration import register_game
from automem_gym.scene import Scenic, Tile, Tiled
from automem_gym.text_space import ActionSpace, TextSpace
from memory_fs import MemoryAction, MemoryConfig, Quotas

shared_text.register()
games.register()

__all__ = [
    "ActionSpace",
    "AutoMemEnv",
    "EpisodeEnd",
    "Frame",
    "Game",
    "GameAction",
    "MemoryAction",
    "MemoryConfig",
    "Quotas",
    "Scenic",
    "Sight",
    "TextSpace",
    "Tile",
    "Tiled",
    "register_game",
]
