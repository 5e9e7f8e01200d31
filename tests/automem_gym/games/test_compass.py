from math import atan2, tau

from automem_gym.game import COMPASS


def test_every_step_goes_where_its_name_says():
    words = {"north": (0, -1), "south": (0, 1), "west": (-1, 0), "east": (1, 0)}
    for name, step in COMPASS.items():
        parts = [offset for word, offset in words.items() if word in name]
        assert (*map(sum, zip(*parts, strict=True)),) == step


def test_the_directions_go_clockwise_from_north():
    angles = [atan2(east, -south) % tau for east, south in COMPASS.values()]
    assert angles == sorted(set(angles))
    assert len(angles) == 8
    assert next(iter(COMPASS)) == "north"
