"""Small screens, dark and light, keyboards, and readers who want no motion."""

from __future__ import annotations

import pytest

GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568), (768, 1024), (1920, 1080)])
def test_nothing_stands_out_of_the_screen(runs, show, width, height):
    tab = show(runs.page("games", "pair"), width=width, height=height)
    for key in ("]", "]", "]"):
        assert tab.run("document.scrollingElement.scrollWidth") <= width
        tab.press(key)
        tab.run("new Promise((done) => setTimeout(done, 200))")
    assert tab.run("document.scrollingElement.scrollWidth") <= width


def test_columns_are_tabs_on_a_small_screen(runs, show):
    tab = show(runs.page("rambler", "pair"), "#seed=1&turn=2", width=390, height=844)
    visible = "[...document.querySelectorAll('.column')].map((e) => e.offsetWidth > 0)"
    assert tab.run(visible) == [True, False]
    tab.click("#tabs button:nth-child(2)")
    tab.wait(f"JSON.stringify({visible}) === '[false,true]'")
    assert tab.run("document.querySelector('#tabs [aria-selected=true]').textContent") == "Bpair"


def test_dark_and_light_follow_the_system_and_can_be_switched(runs, show):
    tab = show(runs.page("rambler"))
    tab.prefer(prefers_color_scheme="light")
    light = tab.run(GROUND)
    tab.prefer(prefers_color_scheme="dark")
    dark = tab.run(GROUND)
    assert light != dark
    tab.click("#theme")
    assert tab.run(GROUND) == light
    tab.press("t")
    assert tab.run(GROUND) == dark


def test_help_is_a_key_away(runs, show):
    tab = show(runs.page("rambler"))
    tab.press("?")
    tab.wait("document.getElementById('keys').open")
    assert "next, last reward" in tab.run("document.getElementById('keys').textContent")
    tab.press("ArrowRight")
    assert tab.run("document.getElementById('scrub').value") == "0"
    tab.press("Escape")
    tab.wait("!document.getElementById('keys').open")


def test_the_focus_goes_through_all_and_out_again(runs, show):
    tab = show(runs.page("rambler", "pair"), "#turn=3")
    seen = []
    for _ in range(120):
        tab.press("Tab")
        seen.append(
            tab.run(
                "(document.activeElement.id || document.activeElement.className || "
                "document.activeElement.tagName)"
            )
        )
        if seen[-1] == "BODY":
            break
    assert {"env", "seed", "find", "link", "theme", "help", "scrub", "play"} <= set(seen)
    assert seen.index("env") < seen.index("scrub") < seen.index("play")
    assert seen[-1] == "BODY" or seen.count("env") > 1


def test_all_that_is_operated_has_a_name(runs, show):
    tab = show(runs.page("rambler", "pair"), "#turn=3")
    nameless = tab.run("""[...document.querySelectorAll('button, select, input, [tabindex]')]
      .filter((e) => !e.closest('[hidden], dialog:not([open])'))
      .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length))
      .map((e) => e.outerHTML.slice(0, 80))""")
    assert nameless == []


def test_nothing_moves_for_readers_who_want_no_motion(runs, show):
    tab = show(runs.page("rambler"))
    tab.prefer(prefers_reduced_motion="reduce")
    tab.press("m")
    tab.wait("document.querySelector('.line.new, .line.gone') !== null")
    assert tab.run("document.getAnimations().length") == 0
