"""A frame as a map of characters, and what each character looks like."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from automem_gym.games.crafter.world import VIEW_SIZE, Cell, World
from automem_gym.scene import Tile

#: What lies outside the world, and what has no character of its own.
OUTSIDE, UNKNOWN = " ", "?"
_EMPTY = (127, 127, 127)  # as crafter paints what lies outside


class Look(NamedTuple):
    """What a character stands for.

    Attributes:
        ground: The material.
        thing: Crafter's name for the picture of what stands on it; empty for nothing.
        color: Its colour among a terminal's 256.
    """

    ground: str
    thing: str
    color: int

    @property
    def name(self) -> str:
        """It in words."""
        return f"{self.thing} on {self.ground}" if self.thing else self.ground


def _looks() -> dict[str, Look]:
    table = tomllib.loads((files(__package__) / "tiles.toml").read_text(encoding="utf-8"))
    looks = {}
    for ground, look in table["ground"].items():
        looks[look["character"]] = Look(ground, "", look["color"])
    for thing, characters in table["thing"].items():
        color = characters.pop("color")
        looks |= {character: Look(ground, thing, color) for ground, character in characters.items()}
    return looks


LOOKS: Mapping[str, Look] = _looks()
"""All characters but those for what lies outside and what is unknown."""

_CHARACTERS = {(look.ground, look.thing): character for character, look in LOOKS.items()}
_PLAIN = {look.ground: character for character, look in LOOKS.items() if not look.thing}


def draw(world: World, center: Cell) -> str:
    """Draws the view around a cell.

    Args:
        world: The world.
        center: The cell in the middle.

    Returns:
        7 lines of 9 characters.
    """
    view = world.view(center)
    left, top = center[0] - VIEW_SIZE[0] // 2, center[1] - VIEW_SIZE[1] // 2
    rows = [
        "".join(
            [
                _PLAIN.get(name) or _other(world, name, left + x, top + y)
                for x, name in enumerate(row)
            ]
        )
        for y, row in enumerate(zip(*view, strict=True))
    ]
    return "\n".join(rows)


def _other(world: World, name: str | None, x: int, y: int) -> str:
    """The character of a cell that shows more than its ground, or not even that."""
    if name is None:
        return OUTSIDE
    ground, thing = world[x, y]
    return _CHARACTERS.get((ground or "", thing.texture if thing else ""), UNKNOWN)


@cache
def tileset() -> Mapping[str, Tile]:
    """The tiles by character, made of crafter's pictures as crafter lays them over each other.

    They are 16 by 16 pixels, as crafter's pictures are. The dark of the night is not in them.
    """
    # Imported here because playing needs no pictures.
    from crafter import constants
    from PIL import Image

    def picture(name: str) -> Any:
        return Image.open(constants.root / "assets" / f"{name}.png").convert("RGBA")

    unknown = picture("unknown")
    tiles = {
        OUTSIDE: Tile("outside", _png(Image.new("RGB", unknown.size, _EMPTY))),
        UNKNOWN: Tile("unknown", _png(unknown.convert("RGB"))),
    }
    for character, look in LOOKS.items():
        tile = picture(look.ground).convert("RGB")
        if look.thing:
            thing = picture(look.thing)
            tile.paste(thing, mask=thing)
        tiles[character] = Tile(look.name, _png(tile), look.color)
    return tiles


def _png(picture: Any) -> bytes:
    file = io.BytesIO()
    # A tile has fewer pixels than a palette has colours: this loses nothing. The colour profile in
    # crafter's pictures is larger than they are.
    picture.quantize(256).save(file, "PNG", optimize=True, icc_profile=None)
    return file.getvalue()
