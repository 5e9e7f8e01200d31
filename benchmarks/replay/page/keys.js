// What keys do, and the help that tells it.

import { at, button, make } from "./dom.js";
import { JUMPS } from "./jumps.js";
import { nextSight } from "./game_view.js";

/** The keys that a focused element needs itself; all others are the page's. */
const OWN = {
  BUTTON: [" ", "Enter"],
  SUMMARY: [" ", "Enter"],
  SELECT: [" ", "Enter", "Home", "End", "ArrowUp", "ArrowDown"],
};
const WRITING = ["search", "text"];

/** Pairs of keys and what they are called, in groups; `act` takes the event. */
function table({ stage, clock, search, theme, copy }) {
  const step = (size) => (event) => clock.seek(clock.position + size * (event.shiftKey ? 10 : 1));
  const jumps = JUMPS.map((kind) => [
    [kind.key, kind.key.toUpperCase()],
    `next, last ${kind.name}`,
    (event) => stage.jump(kind, event.key === kind.key ? 1 : -1),
  ]);
  return [
    [[" "], "play, pause", () => clock.toggle()],
    [["ArrowLeft"], "one back; ten with shift", step(-1)],
    [["ArrowRight"], "one on; ten with shift", step(1)],
    [["Home", "End"], "first, last", (event) => clock.seek(event.key === "Home" ? 0 : clock.length)],
    [["-", "+", "="], "slower, faster", (event) => clock.faster(event.key === "-" ? -1 : 1)],
    ...jumps,
    [["[", "]"], "last, next episode", (event) => stage.turnEpisode(event.key === "[" ? -1 : 1)],
    [["1", "2", "3", "4"], "column, where one is shown at a time", (event) => activate(stage, Number(event.key) - 1)],
    [["l"], "in step by game step, or by turn", () => stage.setBy(stage.by === "step" ? "turn" : "step")],
    [["g"], "another view of the game", () => stage.see(nextSight(stage.sight))],
    [["/"], "search", () => search.open()],
    [["c"], "copy a link to this step", copy],
    [["t"], "light, dark", theme],
    [["?"], "this help", () => at("keys").showModal()],
  ];
}

function activate(stage, number) {
  if (number < stage.columns.length) stage.activate(number);
}

export function listen(page) {
  const rows = table(page);
  const acts = new Map(rows.flatMap(([keys, , act]) => keys.map((key) => [key, act])));
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    if (target.tagName === "INPUT" && WRITING.includes(target.type)) return;
    if (OWN[target.tagName]?.includes(key)) return;
    const act = acts.get(key);
    if (!act) return;
    event.preventDefault();
    act(event);
  });
  describe(rows);
  at("help").addEventListener("click", () => at("keys").showModal());
}

const SHOWN = { " ": "space", ArrowLeft: "←", ArrowRight: "→" };

function describe(rows) {
  const lines = rows.map(([keys, what]) =>
    make("div", "", [
      make("dt", "", keys.filter((key) => key !== "=").map((key) => make("kbd", "", SHOWN[key] ?? key))),
      make("dd", "", what),
    ]),
  );
  const dialog = at("keys");
  const close = button("close", () => dialog.close());
  dialog.append(make("h2", "", "Keys", { id: "keys-title" }), make("dl", "", lines), close);
}
