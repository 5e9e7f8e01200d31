"""Distances and directions between cells of the map.

A distance is the number of steps of a walker who may go diagonally, max(abs(dx), abs(dy)). The text
sorts distances into five bands and names a band in one of two styles:

=====  ===========  ============
steps  ``"words"``  ``"steps"``
=====  ===========  ============
1      adjacent     1 step
2      very near    2 steps
3-5    near         3-5 steps
6-19   far          6-19 steps
20+    very far     20+ steps
=====  ===========  ============

So "grid bug very near north" reads "grid bug 2 steps north" in the style ``"steps"``.
"""

from functools import cache

from memory_fs.suggestion import did_you_mean

# Clockwise from north. Those between two of the eight straight ones hold all cells between the two.
DIRECTIONS = (
    "north",
    "northnortheast",
    "northeast",
    "eastnortheast",
    "east",
    "eastsoutheast",
    "southeast",
    "southsoutheast",
    "south",
    "southsouthwest",
    "southwest",
    "westsouthwest",
    "west",
    "westnorthwest",
    "northwest",
    "northnorthwest",
)

# Fewest steps of each band, farthest first.
BANDS = (20, 6, 3, 2, 1)

STYLES = {
    "words": ("very far", "far", "near", "very near", "adjacent"),
    "steps": ("20+ steps", "6-19 steps", "3-5 steps", "2 steps", "1 step"),
}


def check_style(style: str) -> None:
    """Checks the name of a style.

    Raises:
        ValueError: If there is no such style.
    """
    if style not in tuple(STYLES):  # a tuple, so that a style of any type can be refused
        raise ValueError(
            f"distance_style is {style!r}, but must be one of {', '.join(map(repr, STYLES))}."
            f"{did_you_mean(style, STYLES)}"
        )


@cache
def band_and_direction(dx: int, dy: int) -> tuple[int, int]:
    """Where a cell lies, seen from another.

    Args:
        dx: Columns to the east.
        dy: Rows to the south. Not both may be 0.

    Returns:
        The indices into ``BANDS`` and ``DIRECTIONS``.
    """
    steps = max(abs(dx), abs(dy))
    band = next(index for index, fewest in enumerate(BANDS) if steps >= fewest)
    along = "" if abs(dx) == abs(dy) else _compass(dx, 0) if abs(dx) > abs(dy) else _compass(0, dy)
    across = _compass(dx, dy) if dx and dy else ""
    return band, DIRECTIONS.index(along + across)


def _compass(dx: int, dy: int) -> str:
    return ("north" if dy < 0 else "south" if dy else "") + (
        "west" if dx < 0 else "east" if dx else ""
    )
