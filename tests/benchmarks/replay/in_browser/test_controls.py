"""Play, scrub, jump, keys, search, links."""

from __future__ import annotations

from urllib.parse import quote

from benchmarks.replay.mark import Mark

POSITION = "Number(document.getElementById('scrub').value)"


def at(tab, position):
    tab.wait(f"{POSITION} === {position}")


def test_play_and_pause(runs, show):
    tab = show(runs.page("rambler"), "#seed=1&turn=0")
    tab.press("+")
    tab.press(" ")
    tab.wait(f"{POSITION} >= 3")
    tab.press(" ")
    halted = tab.run(POSITION)
    tab.run("new Promise((done) => setTimeout(done, 400))")
    assert tab.run(POSITION) == halted
    assert tab.run("document.getElementById('play').ariaLabel") == "play"


def test_play_ends_at_the_end(runs, show):
    turns = len(runs.turns("rambler"))
    tab = show(runs.page("rambler"), f"#seed=1&turn={turns - 2}")
    at(tab, turns - 2)
    tab.click("#play")
    at(tab, turns)
    tab.wait("document.getElementById('play').ariaLabel === 'play'")


def test_keys_work_after_clicks_and_are_left_to_what_needs_them(runs, show):
    tab = show(runs.page("rambler"), "#seed=1&turn=0")
    tab.click("#forward")
    at(tab, 1)
    tab.press("ArrowRight")
    at(tab, 2)
    tab.press("ArrowRight", shift=True)
    at(tab, 12)
    tab.run("document.getElementById('seed').focus()")
    tab.press("ArrowRight")
    at(tab, 13)
    tab.press("End")
    tab.wait("document.getElementById('seed').value === '2'")
    at(tab, 0)
    tab.run("document.getElementById('play').focus()")
    tab.press("Enter")
    tab.wait("document.getElementById('play').ariaLabel === 'pause'")


def test_a_click_on_the_timeline_seeks(runs, show):
    turns = len(runs.turns("rambler"))
    tab = show(runs.page("rambler"), "#seed=1&turn=0")
    tab.click("#tracks", 0.5, 0.5)
    tab.wait(f"Math.abs({POSITION} - {turns / 2}) < {turns * 0.05}")
    tab.wait("!document.querySelector('.track .tip').hidden")
    assert "turn" in tab.run("document.querySelector('.track .tip').textContent")


def test_jumps_go_to_writes_and_errors(runs, show):
    turns = runs.turns("rambler")
    tab = show(runs.page("rambler"), "#seed=1&turn=0")
    wrong = Mark.INVALID | Mark.REFUSED | Mark.REJECTED
    for key, wanted in (("m", Mark.WRITE), ("e", wrong)):
        places = [turn.turn for turn in turns if Mark.of(turn) & wanted]
        assert len(places) > 2
        tab.press("Home")
        at(tab, 0)
        for place in places[:3]:
            tab.press(key)
            at(tab, place)
        tab.press(key.upper())
        at(tab, places[1])


def test_jumps_go_to_rewards(runs, show):
    turns = runs.turns("pair")
    places = [turn.turn for turn in turns if turn.reward]
    tab = show(runs.page("pair"), "#seed=1&turn=0")
    for place in places[:3]:
        tab.press("r")
        at(tab, place)
    tab.press("End")
    tab.press("r")
    at(tab, len(turns))


def test_search_finds_what_was_written_and_goes_there(runs, show):
    turns = runs.turns("rambler")
    tab = show(runs.page("rambler"), "#seed=1&turn=0")
    word = next(
        c["command"].split("|")[3].split("<")[0]
        for turn in turns
        for c in turn.commands
        if c["command"].startswith("<|APPEND|>") and c["ok"]
    )
    first = next(t.turn for t in turns if word.lower() in t.action.lower())
    tab.press("/")
    tab.write(word.upper())
    tab.wait("/ hits?$/.test(document.querySelector('#search output').textContent)")
    assert tab.run("document.querySelector('.hits mark').textContent").lower() == word.lower()
    assert f"turn {first} " in tab.run("document.querySelector('.hits .where').textContent")
    tab.press("ArrowDown")
    tab.press("Enter")
    at(tab, first)
    tab.press("Escape")
    tab.wait("document.getElementById('search').hidden")


def test_search_says_what_it_does_not_find(runs, show):
    tab = show(runs.page("rambler"))
    tab.press("/")
    tab.write("<no such words>")
    tab.wait("document.querySelector('#search output').textContent === 'nothing found'")


def test_more_hits_are_listed_when_they_are_asked_for(runs, show):
    tab = show(runs.page("games"), "#turn=1")
    tab.press("/")
    tab.write("a")
    tab.press("End")
    tab.write("r")
    tab.wait("/ hits?$/.test(document.querySelector('#search output').textContent)")
    hits = int(
        tab.run("document.querySelector('#search output').textContent")[:-5].replace(",", "")
    )
    assert hits > 100
    assert tab.run("document.querySelectorAll('.hits .where').length") == 100
    for listed in range(200, hits + 100, 100):
        tab.click(".hits li:last-child button")
        assert tab.run("document.querySelectorAll('.hits .where').length") == min(hits, listed)
    assert tab.run("document.querySelectorAll('.hits button').length") == hits


def test_a_link_opens_at_its_step(runs, show):
    tab = show(runs.page("rambler", "pair"), "#seed=2&run=pair&repeat=0&step=3")
    at(tab, 3)
    assert tab.run("document.getElementById('seed').value") == "2"
    assert tab.run("document.querySelectorAll('.column').length") == 1
    tab.press("ArrowRight")
    env = quote("examples.vault:AutoMem-Vault-v0", safe="")
    tab.wait(f"location.hash === '#env={env}&seed=2&run=pair&repeat=0&step=4'")
    tab.run("location.hash = '#seed=1&run=rambler&repeat=1&turn=4'")
    at(tab, 4)
    tab.wait("document.querySelector('select[aria-label=repeat]').value === '1'")
    tab.press("c")
    tab.wait("document.getElementById('said').textContent.includes('link')")


def test_a_link_that_makes_no_sense_opens_what_there_is(runs, show):
    tab = show(runs.page("rambler"), "#env=x&seed=99&run=nobody&repeat=x&step=-5&turn=1e99")
    at(tab, len(runs.turns("rambler")))
    assert tab.run("document.getElementById('seed').value") == "1"
