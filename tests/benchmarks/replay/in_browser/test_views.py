"""The memory, what models were asked, and that the program reads all that was written."""

from __future__ import annotations

import json

import pytest
from benchmark_players import HOSTILE
from recorded_runs import CRAFTER, NETHACK, VAULT

from benchmarks.trace import MemoryReplay

#: Every turn of an episode as the program of the page rebuilds it.
REBUILD = """(async () => {
  const manifest = await $archive.open('manifest');
  const told = manifest.episodes.find((e) => e.env === ENV && e.seed === 1 && e.repeat === 0);
  const recording = await new $recording.Recording(told).open();
  const shown = [];
  for (let turn = 1; turn <= recording.turns; turn++) {
    const block = await recording.block(turn);
    const state = block.state(turn);
    const record = block.record(turn);
    shown.push({
      texts: Object.fromEntries([...state.texts].map(([n, text]) => [n, block.string(text)])),
      files: Object.fromEntries([...state.files].map(([n, f]) => [n, block.string(f.lines)])),
      action: block.action(record),
      commands: record.commands.map((c) => [c.done, block.string(c.text), block.string(c.answer)]),
      step: recording.steps[turn],
      reward: recording.rewards[turn],
    });
  }
  // Through JSON, in which lone surrogates survive.
  return JSON.stringify(shown);
})()"""


@pytest.mark.parametrize(
    ("run", "env"),
    [("rambler", VAULT), ("hostile", VAULT), ("games", NETHACK), ("games", CRAFTER)],
)
def test_the_program_rebuilds_every_turn(runs, show, run, env):
    tab = show(runs.page(run))
    shown = json.loads(tab.run(REBUILD.replace("ENV", json.dumps(env))))
    turns = runs.turns(run, env)
    with MemoryReplay(runs.trace(run, env).header) as memory:
        for turn, now in zip(turns, shown, strict=True):
            memory.apply(turn)
            seen = {name: text for name, text in turn.observation.items() if name != "files"}
            assert now["texts"] == {**seen, "scene": turn.scene}
            assert now["files"] == memory.files
            assert now["action"] == turn.action
            told = [[c["ok"], c["command"], c["result"]] for c in turn.commands]
            assert now["commands"] == told
            assert now["step"] == turn.info["game_step"]
            assert now["reward"] == pytest.approx(turn.reward, abs=1e-6)


def test_the_memory_shows_what_a_turn_wrote(runs, show):
    turns = runs.turns("games", NETHACK)
    with MemoryReplay(runs.trace("games", NETHACK).header) as memory:
        for turn in turns:
            before = dict(memory.files)
            changed = memory.apply(turn)
            lines = {
                name: [
                    line
                    for line in memory.files[name].splitlines()
                    if line not in before.get(name, "").splitlines()
                ]
                for name in changed
            }
            if turn.turn > 5 and any(lines.values()):
                break
    tab = show(runs.page("games"), f"#env={NETHACK}&seed=1&turn={turn.turn}")
    tab.wait(f"document.getElementById('position').textContent.startsWith('turn {turn.turn} ')")
    tab.wait("document.querySelector('.line.new') !== null")
    name = tab.run("document.querySelector('.file[aria-pressed=true]').dataset.file")
    fresh = "[...document.querySelectorAll('.line.new .content')].map((e) => e.textContent)"
    assert tab.run(fresh) == lines[name]
    origin = tab.run("document.querySelector('.line.new').title")
    assert origin == f"written in turn {turn.turn}"
    writers = tab.run("document.querySelector('.writers').textContent")
    names = {c["command"][2:].split("|")[0] for c in turn.commands if f"|>{name}|" in c["command"]}
    assert writers.endswith(f" in turn {turn.turn}")
    assert set(writers.split(" in ")[0].split(", ")) <= names
    files = tab.run("[...document.querySelectorAll('.file')].map((e) => e.dataset.file)")
    assert sorted(files) == sorted({*before, *memory.files})
    size = tab.run(
        f"document.querySelector('.file[data-file={json.dumps(name)}] span').textContent"
    )
    assert size == str(len(memory.files[name]))


def test_what_each_role_was_asked_is_folded_and_whole(runs, show):
    turn = next(t for t in runs.turns("pair") if len(t.calls) > 1)
    tab = show(runs.page("pair"), f"#seed=1&turn={turn.turn}")
    tab.wait(f"document.querySelectorAll('.call').length === {len(turn.calls)}")
    roles = tab.run("[...document.querySelectorAll('.call .role')].map((e) => e.textContent)")
    assert roles == [call.role for call in turn.calls]
    routines = tab.run("[...document.querySelectorAll('.call .routine')].map((e) => e.textContent)")
    assert routines == [call.routine for call in turn.calls if call.routine]
    cost = tab.run("document.querySelector('.call .cost').textContent")
    assert cost.startswith(f"{turn.calls[0].completion.usage.input_tokens:,} in")
    assert tab.run("document.querySelectorAll('.message').length") == 0
    tab.click(".call summary")
    call = turn.calls[0]
    tab.wait(f"document.querySelectorAll('.message').length === {len(call.messages)}")
    assert tab.run("document.querySelectorAll('.message pre').length") == 0
    said = tab.run("""(async () => {
      const boxes = [...document.querySelectorAll('.message')];
      for (const box of boxes) box.open = true;
      await new Promise((done) => setTimeout(done, 50));
      return boxes.map((box) => box.querySelector('pre').textContent);
    })()""")
    # Each line is an element, which ends in a line break.
    assert said == [f"{message.text}\n" for message in call.messages]


def test_hostile_text_does_nothing(runs, show):
    tab = show(runs.page("hostile"), "#turn=1")
    tab.wait("document.querySelector('.call') !== null")
    tab.run("""(async () => {
      for (let n = 0; n < 4; n++) {
        for (const box of document.querySelectorAll('details')) box.open = true;
        await new Promise((done) => setTimeout(done, 30));
      }
    })()""")
    assert tab.run("document.querySelectorAll('body script:not([type])').length") == 1
    shown = json.loads(tab.run("JSON.stringify(document.querySelector('.call .role').textContent)"))
    assert shown == HOSTILE
    text = json.loads(tab.run("JSON.stringify(document.querySelector('.message pre').textContent)"))
    assert text == f"{HOSTILE}\n"
    for sight in ("observation", "memory", "rules"):
        tab.click(f".tab[data-sight={sight}]")
    tab.press("/")
    tab.write("alert(")
    tab.wait("document.querySelectorAll('.hits button').length > 0")
    assert tab.run("document.querySelectorAll('.hits script').length") == 0


def test_the_problem_of_an_episode_is_shown(automem, show, tmp_path):
    run = tmp_path / "run"
    words = ("--env", VAULT, "--seeds", "1", "--out", run, "--quiet")
    assert automem("run", *words, "--agent", "random") == 0
    trace = run / "episodes" / VAULT / "1" / "0" / "trace.jsonl"
    lines = trace.read_text().splitlines(keepends=True)
    trace.write_text("".join([*lines[:10], "{}\n", *lines[11:]]))
    assert automem("view", run) == 0
    tab = show(run / "replay.html", "#turn=99")
    tab.wait("document.getElementById('position').textContent === 'turn 9 / 9'")
    assert "line 11" in tab.run("document.querySelector('.problem').textContent")


def test_an_episode_that_never_had_a_turn_is_shown(automem, show, tmp_path):
    run = tmp_path / "run"
    words = ("--env", VAULT, "--seeds", "1", "--out", run, "--quiet")
    assert automem("run", *words, "--agent", "pair", "--model", "scripted") == 0
    trace = run / "episodes" / VAULT / "1" / "0" / "trace.jsonl"
    header, asked, *_ = trace.read_text().splitlines(keepends=True)
    assert '"asked"' in asked
    trace.write_text(header + asked)
    assert automem("view", run) == 0
    tab = show(run / "replay.html")
    tab.wait("document.getElementById('position').textContent === 'step 0 / 0'")
    problem = tab.run("document.querySelector('.problem').textContent")
    assert problem == "the recording stops before the end"
    tab.wait("document.querySelector('.asking .call') !== null")
    assert "led to no turn" in tab.run("document.querySelector('.asking .call').textContent")
    for key in (" ", "ArrowRight", "m", "End", "l"):
        tab.press(key)
    tab.wait("document.getElementById('position').textContent === 'turn 0 / 0'")


def test_a_file_that_was_written_as_it_was_is_not_changed(runs, show):
    turns = runs.turns("games", NETHACK)
    changes = {}
    with MemoryReplay(runs.trace("games", NETHACK).header) as memory:
        for turn in turns:
            before = dict(memory.files)
            memory.apply(turn)
            changes[turn.turn] = sorted(
                name for name in memory.files if memory.files[name] != before.get(name)
            )
    tab = show(runs.page("games"), f"#env={NETHACK}&seed=1&turn=30")
    marked = "[...document.querySelectorAll('.file.changed')].map((e) => e.dataset.file).sort()"
    # Forth and back, so that states are rebuilt in every way.
    for turn in (30, 5, 31, 32, 33, 12, 11):
        tab.run(f"location.hash = '#env={NETHACK}&seed=1&turn={turn}'")
        tab.wait(f"document.querySelector('.turn h2 span').textContent.startsWith('{turn} of')")
        assert tab.run(marked) == changes[turn]
