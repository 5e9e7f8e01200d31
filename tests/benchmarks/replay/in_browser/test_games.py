"""What the page shows of the three games."""

from __future__ import annotations

import re

import pytest
from recorded_runs import CORRIDOR, CRAFTER, NETHACK, VAULT

SGR = re.compile(r"\x1b\[[\d;]*m")


@pytest.mark.parametrize("env", [NETHACK, CORRIDOR])
def test_a_terminal_is_shown_in_its_colours(runs, show, env):
    turns = runs.turns("games", env)
    tab = show(runs.page("games"), f"#env={env}&seed=1&turn=20")
    tab.wait("document.getElementById('position').textContent.startsWith('turn 20')")
    tab.wait("document.querySelector('.terminal') !== null")
    shown = tab.run("document.querySelector('.terminal').textContent")
    assert shown == f"{SGR.sub('', turns[19].scene)}\n"
    colours = tab.run(
        "[...document.querySelectorAll('.terminal span')].map((s) => getComputedStyle(s).color)"
    )
    assert len(set(colours)) > 1


def test_tiles_are_drawn_with_the_game_s_own_pictures(runs, show):
    turns = runs.turns("games", CRAFTER)
    rows = turns[-1].scene.splitlines()
    tab = show(runs.page("games"), f"#env={CRAFTER}&seed=1&turn={len(turns)}")
    tab.wait(
        "document.querySelector('canvas.tiles')?.getAttribute('aria-label')?.startsWith('map')"
    )
    unit = tab.run("document.querySelector('canvas.tiles').width") / len(rows[0])
    assert unit == int(unit) >= 8
    label = tab.run("document.querySelector('canvas.tiles').getAttribute('aria-label')")
    assert label.startswith(f"map of {len(rows[0])} by {len(rows)} cells: ")
    counts = [int(number) for number in re.findall(r" (\d+)(?=,|$)", label)]
    assert sum(counts) == sum(map(len, rows))
    # Cells of the same tile look the same, cells of other tiles do not.
    looks = tab.run(f"""(() => {{
      const shown = document.querySelector('canvas.tiles');
      const pen = new OffscreenCanvas(shown.width, shown.height)
        .getContext('2d', {{ willReadFrequently: true }});
      pen.drawImage(shown, 0, 0);
      return {rows!r}.map((row, y) => [...row].map((_, x) =>
        pen.getImageData(x * {unit}, y * {unit}, {unit}, {unit}).data.join()));
    }})()""")
    by_tile: dict[str, set[str]] = {}
    for row, line in zip(rows, looks, strict=True):
        for tile, look in zip(row, line, strict=True):
            by_tile.setdefault(tile, set()).add(look)
    assert all(len(found) == 1 for found in by_tile.values())
    assert len({next(iter(found)) for found in by_tile.values()}) == len(by_tile)


@pytest.mark.parametrize("sight", ["observation", "status"])
def test_the_texts_that_the_agent_saw_can_be_chosen(runs, show, sight):
    turns = runs.turns("games", NETHACK)
    tab = show(runs.page("games"), f"#env={NETHACK}&seed=1&turn=20")
    tab.click(f".tab[data-sight={sight}]")
    tab.wait(f"document.querySelector('.tab[data-sight={sight}]').ariaPressed === 'true'")
    tab.wait("document.getElementById('position').textContent.startsWith('turn 20')")
    assert tab.run("document.querySelector('.sight').textContent") == turns[19].observation[sight]


def test_a_game_without_scenes_shows_its_observation(runs, show):
    tab = show(runs.page("rambler"), "#turn=1")
    first = runs.turns("rambler", VAULT)[0]
    tab.wait("document.getElementById('position').textContent.startsWith('turn 1 ')")
    has_scene = tab.run("document.querySelector('.tab[data-sight=scene]') !== null")
    assert has_scene == bool(first.scene)
    expected = f"{first.scene}\n" if has_scene else first.observation["observation"]
    assert tab.run("document.querySelector('.sight > *').textContent") == expected
