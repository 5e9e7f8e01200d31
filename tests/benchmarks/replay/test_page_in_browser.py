from __future__ import annotations

import json
import shutil
import subprocess

import pytest

VAULT = "examples.vault:AutoMem-Vault-v0"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--window-size=1280,900", "--dump-dom"]

pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs chromium")

#: Presses keys and clicks as a reader does, and leaves what came of it in the page's title.
SCRIPT = """
const seen = {};
const press = (key) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const click = (id) => { at(id).focus(); at(id).click(); };
click("play"); click("play");
press("ArrowRight"); press("ArrowRight");
seen.afterPlay = turn;
press(" ");
seen.spaceLeftToButton = timer === null;
at("episodes").focus();
press("ArrowRight");
seen.onEpisodes = turn;
at("episodes").value = 1;
at("episodes").dispatchEvent(new Event("change"));
press("ArrowRight");
seen.afterEpisodes = [page.episodes.indexOf(episode.data), turn];
const text = Array.from({ length: 60 }, (_, n) => `line ${n}`).join("\\n");
showCommands(Array(8).fill(["<|READ|>notes.md<|END|>", true, text]));
seen.memoryTop = document.querySelector(".memory").getBoundingClientRect().top;
seen.footerTop = document.querySelector("footer").getBoundingClientRect().top;
seen.folded = document.querySelectorAll("#commands details:not([open]) .answer").length;
page.episodes[1].turns[0].asked = [
  { role: "specialist", routine: "log", usage: [1200, 1000, 0, 7], text: "fine",
    messages: [["s", "rules\\nof it"], ["u", [0, [[0, 1], "of us"]]]] },
];
open(1, 1);
const call = at("asked").firstChild;
seen.call = call.querySelector("summary").textContent;
seen.before = call.querySelectorAll("pre").length;
call.open = true;
call.dispatchEvent(new Event("toggle"));
const said = call.querySelectorAll("details");
for (const box of said) { box.open = true; box.dispatchEvent(new Event("toggle")); }
seen.said = [...call.querySelectorAll("pre")].map((pre) => pre.textContent);
document.title = JSON.stringify(seen);
"""


@pytest.fixture
def seen(automem, tmp_path) -> dict:
    run, page = tmp_path / "run", tmp_path / "page.html"
    assert automem("run", "--env", VAULT, "--seeds", "1-2", "--out", run, "--quiet") == 0
    assert automem("view", run, "-o", page) == 0
    html = page.read_text("utf-8").replace("</body>", f"<script>{SCRIPT}</script></body>")
    page.write_text(html, "utf-8")
    command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout.partition("<title>")[2].partition("</title>")[0])


def test_keys_work_after_clicks_and_the_memory_is_in_sight(seen):
    assert seen["afterPlay"] == 2
    assert seen["spaceLeftToButton"]
    assert seen["onEpisodes"] == 3
    assert seen["afterEpisodes"] == [1, 1]
    assert seen["folded"] == 8
    assert seen["call"] == "specialist, log: 1,200 tokens in (1,000 cached), 7 out"
    assert seen["before"] == 0
    assert seen["said"] == ["rules\nof it", "rules\nof us", "fine"]
    assert seen["memoryTop"] < seen["footerTop"] - 100
