// A column: an episode of a run, as it is at the moment that all columns show.

import { AskedView } from "./asked_view.js";
import { fill, make } from "./dom.js";
import { GameView } from "./game_view.js";
import { MemoryView } from "./memory_view.js";
import { Recording } from "./recording.js";
import { Track } from "./track.js";
import { TurnView } from "./turn_view.js";
import { count, percent, plural, signed } from "./words.js";

export class Column {
  /** `choices` are told by the stage: `changed()`, `close(column)`, `see(sight)`. */
  constructor(number, manifest, run, repeat, choices) {
    this.number = number;
    this.manifest = manifest;
    this.run = run;
    this.repeat = repeat;
    this.choices = choices;
    this.recording = null;
    this.opening = 0;
    this.runs = make("select", "", [], { "aria-label": "run" });
    this.repeats = make("select", "", [], { "aria-label": "repeat" });
    this.runs.addEventListener("change", () => this.choose(Number(this.runs.value), 0));
    this.repeats.addEventListener("change", () => this.choose(this.run, Number(this.repeats.value)));
    this.closer = make("button", "plain", "×", { type: "button", title: "close this column", "aria-label": "close this column" });
    this.closer.addEventListener("click", () => choices.close(this));
    this.facts = make("div", "facts");
    this.now = make("div", "now chips");
    this.head = make("header", "column-head", [
      make("div", "column-name", [
        make("span", "chooser", [make("b", "letter", this.letter), this.runs, this.repeats]),
        this.now,
        this.closer,
      ]),
      this.facts,
    ]);
    this.element = make("section", `column of-${number}`, this.head, { id: `column-${number}` });
  }

  get letter() {
    return "ABCD"[this.number];
  }

  get name() {
    return `${this.letter}: ${this.manifest.runs[this.run]}`;
  }

  choose(run, repeat) {
    this.run = run;
    this.repeat = repeat;
    this.choices.changed();
  }

  /** Opens the episode of an environment and a seed; says so where the run does not hold it. */
  async open(env, seed) {
    const told = this.find(env, seed, this.repeat) ?? this.find(env, seed);
    if (told) this.repeat = told.repeat;
    const number = ++this.opening;
    this.recording = null;
    this.track = null;
    this.showChoosers(env, seed);
    this.facts.replaceChildren(...this.factsOf(told));
    this.now.replaceChildren();
    if (!told || !told.blocks?.length) {
      this.element.replaceChildren(this.head, this.absence(told, env, seed));
      return;
    }
    const recording = await new Recording(told).open();
    // Meanwhile another one may have been asked for.
    if (number !== this.opening) return;
    this.recording = recording;
    this.build();
  }

  find(env, seed, repeat) {
    return this.manifest.episodes.find(
      (told) =>
        told.run === this.run &&
        told.env === env &&
        told.seed === seed &&
        (repeat === undefined || told.repeat === repeat),
    );
  }

  showChoosers(env, seed) {
    const { runs, episodes } = this.manifest;
    fill(this.runs, runs.map((name, n) => [n, name]), this.run);
    const mine = episodes.filter((told) => told.run === this.run && told.env === env && told.seed === seed);
    fill(this.repeats, mine.map(({ repeat }) => [repeat, `repeat ${repeat}`]), this.repeat);
    this.repeats.hidden = mine.length < 2;
    this.element.setAttribute("aria-label", this.name);
  }

  factsOf(told) {
    if (!told) return [];
    const facts = [];
    if (told.score !== null) facts.push(make("strong", "", percent(told.score)));
    if (told.turns) facts.push(`${plural(told.steps, "step")}, ${plural(told.turns, "turn")}`);
    facts.push(...told.facts);
    const made = facts.map((fact) => (typeof fact === "string" ? make("span", "", fact) : fact));
    if (told.problem) made.unshift(make("span", "problem", told.problem));
    this.facts.title = made.map((fact) => fact.textContent).join(" · ");
    return made;
  }

  absence(told, env, seed) {
    const why = told ? "Nothing of this episode can be shown." : "This run holds no recording of this episode.";
    const others = this.manifest.episodes
      .filter((other) => other.run === this.run && other.env === env && other.seed !== seed)
      .map((other) => other.seed);
    const hint = others.length ? ` It holds seeds ${[...new Set(others)].join(", ")}.` : "";
    return make("p", "empty", why + (told ? "" : hint));
  }

  build() {
    const { recording } = this;
    this.game = new GameView(recording, this.manifest, this.choices.see);
    this.turn = new TurnView(recording, this.manifest.operations);
    this.memory = new MemoryView(recording, this.manifest.operations);
    this.asked = new AskedView(recording);
    this.views = [this.game, this.turn, this.memory, ...(this.asked.any ? [this.asked] : [])];
    this.element.replaceChildren(this.head, ...this.views.map(({ element }) => element));
    this.element.classList.toggle("asks", this.asked.any);
    this.track = new Track(recording, this.number, this.manifest.marks);
  }

  /** The turns that a position stands for: the last is `to`. */
  span(position, by) {
    const { recording } = this;
    if (by === "turn") {
      const to = Math.min(position, recording.turns);
      return { from: Math.max(0, to - 1), to };
    }
    const step = Math.min(position, recording.lastStep);
    return { from: step > 0 ? recording.turnOfStep(step - 1) : 0, to: recording.turnOfStep(step) };
  }

  /** Finds what there is to show at a position. */
  async locate(position, by) {
    const { from, to } = this.span(position, by);
    const moment = await this.recording.moment(from, to);
    return { moment, calls: this.asked.any ? await this.asked.find(moment) : [] };
  }

  show({ moment, calls }, position, by, sight) {
    this.game.show(moment, sight);
    this.turn.show(moment);
    this.memory.show(moment);
    if (this.asked.any) this.asked.show(calls);
    this.showNow(moment.to, position, by);
  }

  showNow(turn, position, by) {
    const { recording } = this;
    const chips = [make("span", "chip", `step ${count(recording.steps[turn])}`)];
    const progress = recording.progressions[turn];
    if (!Number.isNaN(progress)) chips.push(make("span", "chip", percent(progress)));
    const reward = recording.rewards[turn];
    if (reward) chips.push(make("span", reward > 0 ? "chip good" : "chip bad", signed(reward)));
    const end = by === "turn" ? recording.turns : recording.lastStep;
    if (position > end) chips.push(make("span", "chip end", `ended at ${by} ${count(end)}`));
    this.now.replaceChildren(...chips);
  }
}
