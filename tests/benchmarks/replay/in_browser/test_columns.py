"""Columns in lockstep, and the choice of what they show."""

from __future__ import annotations

from recorded_runs import VAULT

NOW = "[...document.querySelectorAll('.column .now .chip:first-child')].map((e) => e.textContent)"
TURNS = "[...document.querySelectorAll('.turn h2 span')].map((e) => e.textContent)"


def position(tab, text):
    tab.wait(f"document.getElementById('position').textContent.startsWith({text!r})")


def test_columns_go_in_step_by_game_step_and_by_turn(runs, show):
    tab = show(runs.page("rambler", "pair"), "#seed=1&step=0")
    for _ in range(3):
        tab.press("ArrowRight")
    position(tab, "step 3 ")
    tab.wait(f"{NOW}.every((text) => text === 'step 3')")
    for number, name in enumerate(("rambler", "pair")):
        last = next(t.turn for t in runs.turns(name) if t.info["game_step"] == 3)
        shown = tab.run(TURNS)[number].split(" of ")[0]
        assert shown.split("\u2013")[-1] == str(last)
    tab.press("l")
    position(tab, "turn ")
    tab.press("Home")
    for _ in range(4):
        tab.press("ArrowRight")
    position(tab, "turn 4 ")
    tab.wait(f"{TURNS}.every((text) => text.startsWith('4 of'))")


def test_a_column_that_has_ended_says_so(runs, show):
    ends = [runs.turns(name)[-1].info["game_step"] for name in ("rambler", "pair")]
    assert ends[0] != ends[1]
    tab = show(runs.page("rambler", "pair"), f"#seed=1&step={max(ends)}")
    position(tab, f"step {max(ends)} ")
    tab.wait(
        f"document.querySelector('.now').parentElement && "
        f"document.body.textContent.includes('ended at step {min(ends)}')"
    )


def test_a_run_that_lacks_the_episode_says_so(runs, show):
    tab = show(runs.page("rambler", "pair"), "#seed=3")
    assert tab.run("document.querySelector('#column-0 .empty').textContent") == (
        "This run holds no recording of this episode. It holds seeds 1, 2."
    )
    assert tab.run("document.querySelector('#column-1 .terminal, #column-1 .text') !== null")


def test_repeats_stand_side_by_side(runs, show):
    tab = show(runs.page("rambler"), "#seed=1&step=5")
    tab.click("#add")
    tab.wait("document.querySelectorAll('.column').length === 2")
    tab.wait("document.querySelector('#column-1 select[aria-label=repeat]')?.value === '1'")
    assert tab.run("document.querySelector('#column-0 select[aria-label=repeat]').value") == "0"
    position(tab, "step 5 ")
    for _ in range(2):
        tab.click("#add")
    tab.wait("document.querySelectorAll('.column').length === 4")
    assert tab.run("document.getElementById('add').disabled")
    tab.click("#column-3 button[title='close this column']")
    tab.wait("document.querySelectorAll('.column').length === 3")


def test_a_column_shows_another_run_at_the_same_step(runs, show):
    tab = show(runs.page("rambler", "pair"), "#seed=1&step=3")
    position(tab, "step 3 ")
    tab.run("""(() => { const runs = document.querySelector('#column-0 select[aria-label=run]');
        runs.value = '1'; runs.dispatchEvent(new Event('change')); })()""")
    tab.wait(f"{NOW}.length === 2 && {TURNS}[0] === {TURNS}[1]")
    position(tab, "step 3 ")
    assert tab.run(NOW) == ["step 3", "step 3"]


def test_environment_and_seed_are_chosen(runs, show):
    tab = show(runs.page("rambler", "games"), f"#env={VAULT}&seed=1&step=4")
    tab.run("""(() => { const env = document.getElementById('env');
        env.value = 'AutoMem-Crafter-v0'; env.dispatchEvent(new Event('change')); })()""")
    tab.wait("document.querySelector('canvas.tiles') !== null")
    position(tab, "step 0 ")
    tab.press("]")
    tab.wait("document.getElementById('env').value !== 'AutoMem-Crafter-v0'")


def test_of_episodes_asked_for_at_once_the_last_is_shown(runs, show):
    tab = show(runs.page("games", "pair"), "#step=0")
    for _ in range(5):
        tab.press("]")
    tab.wait("document.querySelector('.column .turn h2 span') !== null")
    shown = tab.run("""(async () => {
      const { episodes } = await $archive.open('manifest');
      const [env, seed] = ['env', 'seed'].map((id) => document.getElementById(id).value);
      const told = [0, 1].map((run) => episodes.find(
        (e) => e.run === run && e.env === env && e.seed === Number(seed)));
      await new Promise((done) => setTimeout(done, 300));
      return [0, 1].map((run) => [
        told[run]?.turns.toLocaleString('en') ?? null,
        document.querySelector(`#column-${run} .turn h2 span`)?.textContent.split(' of ')[1]
          ?? null,
      ]);
    })()""")
    assert shown[0][0] or shown[1][0]
    assert all(expected == seen for expected, seen in shown)
