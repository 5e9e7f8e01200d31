// The game: its scene, or one of the texts that the agent saw.

import { button, make } from "./dom.js";
import { Terminal } from "./terminal.js";
import { TileMap } from "./tiles.js";

const SCENE = "scene";
const STATUS = "status";
/** What can be shown, and what it is called. */
const SIGHTS = [
  [SCENE, "screen"],
  ["observation", "observation"],
  [STATUS, "status"],
  ["memory", "answers"],
  ["rules", "rules"],
];

export class GameView {
  /** `choose` is told which sight the reader chose. */
  constructor(recording, { tiles, instructions }, choose) {
    const { env, scene, instructions: number } = recording.told;
    this.rules = instructions[number] ?? "";
    this.scene = this.makeScene(scene, env, tiles);
    this.text = make("pre", "text", [], { tabindex: "0" });
    this.status = make("pre", "text status", [], { tabindex: "0", "aria-label": STATUS });
    this.sights = SIGHTS.filter(([name]) => name !== SCENE || this.scene);
    this.tabs = this.sights.map(([name, label]) => {
      const tab = button(label, () => choose(name), { kind: "tab" });
      tab.dataset.sight = name;
      return tab;
    });
    this.body = make("div", "sight");
    this.element = make("section", "panel game", [
      make("div", "panel-head", [make("h2", "", "game"), make("div", "tabs", this.tabs)]),
      this.body,
    ], { "aria-label": "game" });
  }

  makeScene(kind, env, tiles) {
    if (!kind) return null;
    const known = kind === "tiles" && Object.keys(tiles[env] ?? {}).length > 0;
    return known ? new TileMap(env, tiles[env]) : new Terminal();
  }

  show({ block, state }, wanted) {
    const names = this.sights.map(([name]) => name);
    const sight = names.includes(wanted) ? wanted : names[0];
    for (const tab of this.tabs) {
      tab.setAttribute("aria-pressed", String(tab.dataset.sight === sight));
    }
    const text = (name) => (name === "rules" ? this.rules : block.string(state.texts.get(name) ?? [0]));
    if (sight === SCENE) {
      this.scene.show(text(SCENE).split("\n"));
      this.status.textContent = text(STATUS).trimEnd();
      this.fillBody(this.scene.element, this.status);
    } else {
      this.text.textContent = text(sight) || "(nothing)";
      this.fillBody(this.text);
    }
  }

  fillBody(...parts) {
    if (this.body.firstChild !== parts[0]) this.body.replaceChildren(...parts);
  }
}

/** The sight after another one, for a key. */
export function nextSight(sight) {
  const names = SIGHTS.map(([name]) => name);
  return names[(names.indexOf(sight) + 1) % names.length];
}
