"""Names of what NetHack's glyphs show, from nle's own tables and ``glyphs.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from nle import nethack
from numpy.typing import NDArray

# Glyphs arrive as 16 bits. A table with an entry for all of them needs no check of its index.
_TABLE_SIZE = 1 << 16


class GlyphTables(NamedTuple):
    """What each glyph means to the text; arrays have one entry per 16-bit glyph.

    Attributes:
        names: All names; the arrays hold indices into it. Index 0 is the empty name.
        landmarks: Names of what is named wherever it lies: creatures, objects, some features.
        is_landmark: Whether there is such a name.
        things: Names of all that is named at all; 0 for plain ground.
        ray: Names of features that are named only along a straight line, as indices into
            ``ray_names``.
        ray_names: The names that ``ray`` points to, again as indices into ``names``.
        first_opaque: The features from this index of ``ray_names`` on end the line.
    """

    names: tuple[str, ...]
    landmarks: NDArray[np.uint16]
    is_landmark: NDArray[np.bool_]
    things: NDArray[np.uint16]
    ray: NDArray[np.uint8]
    ray_names: tuple[int, ...]
    first_opaque: int


@cache
def glyph_tables() -> GlyphTables:
    """The tables, built once in each process."""
    data = tomllib.loads((files(__package__) / "glyphs.toml").read_text(encoding="utf-8"))
    features = data["features"]
    named = _creatures() | _objects(data["objects"]) | _effects(data["effects"])
    along_rays: dict[int, str] = {}
    for symbol, name in enumerate(features["names"]):
        if name in features["landmarks"]:
            named[nethack.GLYPH_CMAP_OFF + symbol] = name
        elif name not in features["ground"]:
            along_rays[nethack.GLYPH_CMAP_OFF + symbol] = name

    names = tuple(dict.fromkeys(["", *named.values(), *along_rays.values()]))
    index = {name: number for number, name in enumerate(names)}
    things = np.zeros(_TABLE_SIZE, np.uint16)
    ray = np.zeros(_TABLE_SIZE, np.uint8)
    for glyph, name in named.items():
        things[glyph] = index[name]
    landmarks = things.copy()
    opaque = features["opaque"]
    ray_names = ["", *sorted(dict.fromkeys(along_rays.values()), key=opaque.__contains__)]
    for glyph, name in along_rays.items():
        things[glyph] = index[name]
        ray[glyph] = ray_names.index(name)
    return GlyphTables(
        names=names,
        landmarks=landmarks,
        is_landmark=landmarks > 0,
        things=things,
        ray=ray,
        ray_names=tuple(index[name] for name in ray_names),
        first_opaque=len(ray_names) - len(opaque),
    )


def _creatures() -> dict[int, str]:
    forms = {
        nethack.GLYPH_MON_OFF: "{}",
        nethack.GLYPH_PET_OFF: "tame {}",
        nethack.GLYPH_DETECT_OFF: "detected {}",
        nethack.GLYPH_BODY_OFF: "{} corpse",
        nethack.GLYPH_RIDDEN_OFF: "ridden {}",
        nethack.GLYPH_STATUE_OFF: "{} statue",
    }
    named = {nethack.GLYPH_INVISIBLE: "invisible creature"}
    for species in range(nethack.NUMMONS):
        name = nethack.permonst(species).mname
        named |= {first + species: form.format(name) for first, form in forms.items()}
    return named


def _objects(templates: dict[str, str]) -> dict[int, str]:
    by_class = {getattr(nethack, name): template for name, template in templates.items()}
    named = {}
    for kind in range(nethack.NUM_OBJECTS):
        name = nethack.objdescr.from_idx(kind).oc_name or ""
        description = nethack.objdescr.from_idx(kind).oc_descr or ""
        oc_class = ord(nethack.objclass(kind).oc_class)
        if oc_class == nethack.AMULET_CLASS and "Amulet" in description:
            text = description
        elif oc_class == nethack.GEM_CLASS and description in name:
            text = name
        else:
            look = description or name
            text = by_class[oc_class].format(name=name, description=description, look=look)
        named[nethack.GLYPH_OBJ_OFF + kind] = text
    return named


def _effects(pieces: dict[str, list[str]]) -> dict[int, str]:
    spans: dict[str, Any] = {
        "explosion": (nethack.GLYPH_EXPLODE_OFF, nethack.GLYPH_ZAP_OFF),
        "zap": (nethack.GLYPH_ZAP_OFF, nethack.GLYPH_SWALLOW_OFF),
        "swallow": (nethack.GLYPH_SWALLOW_OFF, nethack.GLYPH_WARNING_OFF),
        "warning": (nethack.GLYPH_WARNING_OFF, nethack.GLYPH_STATUE_OFF),
    }
    return {
        glyph: pieces[effect][(glyph - first) % len(pieces[effect])]
        for effect, (first, end) in spans.items()
        for glyph in range(first, end)
    }
