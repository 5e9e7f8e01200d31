"""How the creatures of a chunk come and go, as in ``crafter.Env``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from crafter import objects

from automem_gym.games.crafter.world import Chunk, World


class _Species(NamedTuple):
    """One kind of creature.

    Attributes:
        kind: Its class.
        material: The ground on which it appears.
        spawn_distance: Least distance from the player at which one appears.
        despawn_distance: Least distance from the player at which one vanishes.
        spawn_chance: Chance that one appears in a chunk that holds too few.
        despawn_chance: Chance that one vanishes from a chunk that holds too many.
        fewest: From the cells of its ground and the daylight, how many a chunk should hold.
        most: From the daylight, how many a chunk should hold.
    """

    kind: type
    material: str
    spawn_distance: int
    despawn_distance: int
    spawn_chance: float
    despawn_chance: float
    fewest: Callable[[int, float], float]
    most: Callable[[float], float]


_SPECIES = (
    _Species(
        objects.Zombie, "grass", 6, 0, 0.3, 0.4,
        lambda space, light: 0 if space < 50 else 3.5 - 3 * light,
        lambda light: 3.5 - 3 * light,
    ),
    _Species(
        objects.Skeleton, "path", 7, 7, 0.1, 0.1,
        lambda space, light: 0 if space < 6 else 1,
        lambda light: 2,
    ),
    _Species(
        objects.Cow, "grass", 5, 5, 0.01, 0.1,
        lambda space, light: 0 if space < 30 else 1,
        lambda light: 1.5 + light,
    ),
)  # fmt: skip


def balance(world: World, player: Any) -> None:
    """Lets creatures appear and vanish all over the world.

    Args:
        world: The world.
        player: Crafter's player, near whom no creature does either.
    """
    for chunk, residents in list(world.chunks.items()):
        for species in _SPECIES:
            creatures = [thing for thing in residents if type(thing) is species.kind]
            _balance(world, player, chunk, species, creatures)


def _balance(
    world: World, player: Any, chunk: Chunk, species: _Species, creatures: list[Any]
) -> None:
    space, light, draws = world.count(chunk, species.material), world.daylight, world.random
    fewest, most = int(species.fewest(space, light)), int(species.most(light))
    if len(creatures) < fewest and draws.uniform() < species.spawn_chance:
        pos = world.cells(chunk, species.material)[draws.randint(0, space)]
        if world[pos][1] is None and player.distance(pos) >= species.spawn_distance:
            extra = () if species.kind is objects.Cow else (player,)
            world.add(species.kind(world, pos, *extra))
    elif len(creatures) > most and draws.uniform() < species.despawn_chance:
        creature = creatures[draws.randint(0, len(creatures))]
        if player.distance(creature) >= species.despawn_distance:
            world.remove(creature)
