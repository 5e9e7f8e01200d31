// A scene of the kind "tiles": a map with a character a cell, drawn with the game's own pictures.

import { make } from "./dom.js";
import { count } from "./words.js";

const sets = new Map();

/** The pictures of an environment's tiles, by character. */
function pictures(env, tiles) {
  if (!sets.has(env)) {
    const loading = Object.entries(tiles).map(async ([character, [name, source]]) => {
      const picture = new Image();
      picture.src = source;
      await picture.decode();
      return [character, { name, picture }];
    });
    sets.set(env, Promise.all(loading).then((loaded) => new Map(loaded)));
  }
  return sets.get(env);
}

export class TileMap {
  constructor(env, tiles) {
    this.canvas = make("canvas", "tiles", [], { role: "img" });
    this.element = make("div", "tile-frame", this.canvas);
    this.lines = [];
    this.loading = pictures(env, tiles).then((set) => {
      this.set = set;
      this.draw();
    });
    this.canvas.addEventListener("pointermove", (event) => this.name(event));
  }

  show(lines) {
    this.lines = lines;
    if (this.set) this.draw();
  }

  draw() {
    const { canvas, set } = this;
    const rows = this.lines.map((line) => [...line]);
    const width = Math.max(1, ...rows.map((row) => row.length));
    const unit = set.values().next().value.picture.naturalWidth;
    if (canvas.width !== width * unit || canvas.height !== rows.length * unit) {
      canvas.width = width * unit;
      canvas.height = rows.length * unit;
    }
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    rows.forEach((row, y) =>
      row.forEach((character, x) => {
        const tile = set.get(character);
        if (tile) pen.drawImage(tile.picture, x * unit, y * unit);
      }),
    );
    this.rows = rows;
    canvas.setAttribute("aria-label", this.words());
  }

  /** The map in words: what there is, and how often. */
  words() {
    const found = new Map();
    for (const character of this.rows.flat()) {
      const name = this.set.get(character)?.name ?? character;
      found.set(name, (found.get(name) ?? 0) + 1);
    }
    const parts = [...found].sort((a, b) => a[1] - b[1]).map(([name, n]) => `${name} ${count(n)}`);
    return `map of ${this.rows[0]?.length ?? 0} by ${this.rows.length} cells: ${parts.join(", ")}`;
  }

  name(event) {
    const box = this.canvas.getBoundingClientRect();
    const y = Math.floor(((event.clientY - box.top) / box.height) * (this.rows?.length ?? 0));
    const row = this.rows?.[y] ?? [];
    const character = row[Math.floor(((event.clientX - box.left) / box.width) * row.length)];
    this.canvas.title = this.set?.get(character)?.name ?? "";
  }
}
