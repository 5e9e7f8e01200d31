// All columns, on the same environment and seed, at the same position.

import { Column } from "./column.js";
import { at, fill, make } from "./dom.js";
import { nearest } from "./jumps.js";

const MOST = 4;

export class Stage {
  /** `clock` says where the columns are; `changed` is called when other episodes are shown. */
  constructor(manifest, clock, changed) {
    this.manifest = manifest;
    this.clock = clock;
    this.changed = changed;
    this.columns = [];
    this.by = "step";
    this.sight = "scene";
    this.active = 0;
    this.asked = 0;
    this.going = 0;
    at("env").addEventListener("change", () => this.go({ env: at("env").value, seed: null }));
    at("seed").addEventListener("change", () => this.go({ seed: Number(at("seed").value) }));
    at("add").addEventListener("click", () => this.add());
  }

  get recordings() {
    return this.columns.map(({ recording }) => recording).filter(Boolean);
  }

  get envs() {
    return [...new Set(this.manifest.episodes.map(({ env }) => env))];
  }

  seeds(env) {
    const seeds = this.manifest.episodes.filter((told) => told.env === env).map(({ seed }) => seed);
    return [...new Set(seeds)].sort((a, b) => a - b);
  }

  /** A column a run, as many as there is room for. */
  begin() {
    const first = this.manifest.episodes[0];
    return this.manifest.runs.slice(0, MOST).map((_, run) => ({ run, repeat: first.repeat }));
  }

  /** Shows what is asked for: `env`, `seed`, `columns` (of `run` and `repeat`), `by`, `position`. */
  async go({ env = this.env, seed = this.seed, columns = null, by = this.by, position = 0 }) {
    this.clock.playing = false;
    this.env = this.envs.includes(env) ? env : this.envs[0];
    const seeds = this.seeds(this.env);
    this.seed = seeds.includes(seed) ? seed : seeds[0];
    this.by = by;
    if (columns) this.setColumns(columns);
    fill(at("env"), this.envs.map((name) => [name, name]), this.env);
    fill(at("seed"), seeds.map((number) => [number, number]), this.seed);
    const number = ++this.going;
    this.asked++; // what is being found is of episodes that are left
    await Promise.all(this.columns.map((column) => column.open(this.env, this.seed)));
    // Of episodes asked for at once, only the last.
    if (number === this.going) this.arrange(position);
  }

  setColumns(wanted) {
    const choices = {
      changed: () => this.go({ position: this.clock.position }),
      close: (column) => this.close(column),
      see: (sight) => this.see(sight),
    };
    this.columns = wanted
      .slice(0, MOST)
      .map(({ run, repeat }, number) => new Column(number, this.manifest, run, repeat, choices));
  }

  async add() {
    const shown = (run, repeat) => this.columns.some((column) => column.run === run && column.repeat === repeat);
    const here = this.manifest.episodes.filter((told) => told.env === this.env && told.seed === this.seed);
    const next = here.find(({ run, repeat }) => !shown(run, repeat)) ?? this.columns.at(-1);
    await this.set([...this.columns, next]);
  }

  async close(column) {
    await this.set(this.columns.filter((other) => other !== column));
  }

  async set(columns) {
    await this.go({ columns: columns.map(({ run, repeat }) => ({ run, repeat })), position: this.clock.position });
  }

  /** Puts the columns side by side, and their timelines under each other. */
  arrange(position) {
    const { columns } = this;
    const stage = at("stage");
    stage.dataset.columns = columns.length;
    stage.replaceChildren(...columns.map(({ element }) => element));
    stage.classList.toggle("asks", columns.some((column) => column.asked?.any && column.recording));
    for (const column of columns) column.closer.hidden = columns.length === 1;
    at("add").disabled = columns.length >= MOST;
    const tracks = columns.map(({ track }) => track?.element).filter(Boolean);
    at("tracks").replaceChildren(...tracks, at("scrub"));
    this.activate(Math.min(this.active, columns.length - 1));
    this.measure(position);
    this.changed();
  }

  measure(position) {
    const ends = this.recordings.map((recording) => (this.by === "turn" ? recording.turns : recording.lastStep));
    this.clock.setLength(Math.max(0, ...ends));
    this.drawTracks();
    this.clock.seek(position);
  }

  drawTracks() {
    // One scale for all, so that they can be compared.
    const top = Math.max(0, ...this.recordings.map((recording) => recording.best));
    for (const { track, recording } of this.columns) {
      track?.draw((turn) => this.place(recording, turn), this.clock.length, top);
    }
  }

  /** The place of a turn on the axis that all columns share. */
  place(recording, turn) {
    return this.by === "turn" ? turn : recording.stepOf(turn);
  }

  /** The turn of a recording that is shown at a place. */
  turnAt(recording, place) {
    return this.by === "turn" ? Math.min(place, recording.turns) : recording.turnOfStep(place);
  }

  /** Goes in step by something else; the active column stays where it is. */
  setBy(by) {
    const recording = this.columns[this.active]?.recording ?? this.recordings[0];
    const turn = recording ? this.turnAt(recording, this.clock.position) : 0;
    this.by = by;
    this.measure(recording ? this.place(recording, turn) : 0);
  }

  see(sight) {
    this.sight = sight;
    this.clock.moved();
  }

  jump(kind, direction) {
    const { manifest, clock } = this;
    const place = (recording, turn) => this.place(recording, turn);
    const there = nearest(kind, this.recordings, manifest.marks, clock.position, direction, place);
    if (there !== null) clock.seek(there);
    return there !== null;
  }

  /** The next or last seed, of this environment or of the one after it. */
  turnEpisode(direction) {
    const all = this.envs.flatMap((env) => this.seeds(env).map((seed) => ({ env, seed })));
    const here = all.findIndex(({ env, seed }) => env === this.env && seed === this.seed);
    return this.go(all[(here + direction + all.length) % all.length]);
  }

  /** Makes a column the one that a narrow screen shows. */
  activate(number) {
    this.active = Math.max(0, number);
    const tabs = this.columns.map((column, n) => {
      const tab = make("button", `of-${n}`, [make("b", "letter", column.letter), this.manifest.runs[column.run]], {
        type: "button", role: "tab", "aria-selected": String(n === this.active), "aria-controls": `column-${n}`,
      });
      tab.addEventListener("click", () => this.activate(n));
      return tab;
    });
    at("tabs").replaceChildren(...tabs);
    this.columns.forEach(({ element, track }, n) => {
      element.classList.toggle("active", n === this.active);
      track?.element.classList.toggle("active", n === this.active);
    });
    this.drawTracks();
  }

  /** Shows the clock's position in all columns; of positions asked for at once, only the last. */
  async show() {
    const { clock, by, sight } = this;
    const { position } = clock;
    const number = ++this.asked;
    clock.busy = true;
    const columns = this.columns.filter(({ recording }) => recording);
    const found = await Promise.all(columns.map((column) => column.locate(position, by)));
    if (number !== this.asked) return;
    columns.forEach((column, n) => column.show(found[n], position, by, sight));
    for (const column of columns) column.track.move(position);
    clock.busy = false;
  }
}
