// Opens the page's data and puts its parts together.

import { open } from "./archive.js";
import { Clock } from "./clock.js";
import { Deck } from "./deck.js";
import { at, make } from "./dom.js";
import { listen } from "./keys.js";
import { read, write } from "./link.js";
import { Search } from "./search.js";
import { Stage } from "./stage.js";

/** Milliseconds without a change after which the address is written: browsers limit how often. */
const SETTLED = 250;

function switchTheme() {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset.theme ?? (dark ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
}

/** Says something to readers who see the page, and to those who hear it. */
function say(text) {
  const note = make("p", "", text);
  at("said").replaceChildren(note);
  setTimeout(() => note.remove(), 2500);
}

async function copyLink(page) {
  history.replaceState(null, "", write(page));
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied.");
  } catch {
    // Some browsers give no clipboard to a page from disk.
    say("The link stands in the address bar: copy it there.");
  }
}

async function begin() {
  const manifest = await open("manifest");
  if (!manifest.episodes.length) {
    at("stage").replaceChildren(make("p", "empty", "These runs hold no recorded episode yet."));
    at("deck").hidden = true;
    return;
  }
  let settling = 0;
  const clock = new Clock(() => {
    deck.show();
    stage.show();
    clearTimeout(settling);
    settling = setTimeout(() => history.replaceState(null, "", write(page)), SETTLED);
  });
  const stage = new Stage(manifest, clock, () => deck.explain());
  const deck = new Deck(stage, clock);
  const search = new Search(stage, (recording, turn) =>
    clock.seek(stage.place(recording, turn)),
  );
  const theme = () => {
    switchTheme();
    stage.drawTracks();
  };
  const page = { manifest, stage, clock, search, theme, copy: () => copyLink(page) };
  at("find").addEventListener("click", () => search.open());
  at("link").addEventListener("click", page.copy);
  at("theme").addEventListener("click", theme);
  listen(page);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => stage.drawTracks());
  addEventListener("hashchange", () => stage.go({ columns: stage.columns, ...read(location.hash, manifest) }));
  const first = manifest.episodes[0];
  await stage.go({ env: first.env, seed: first.seed, columns: stage.begin(), ...read(location.hash, manifest) });
}

begin().catch((error) => {
  at("stage").replaceChildren(make("p", "empty problem", `The page cannot be shown: ${error.message}`));
  throw error;
});
