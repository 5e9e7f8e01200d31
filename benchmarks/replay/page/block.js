// The turns of a part of an episode; benchmarks/replay/block.py tells how they are written.

import { unroll } from "./archive.js";
import { apply, broughtBy, Cursor, EMPTY, LineReader } from "./line_reader.js";

/** Turns from one state that is kept to the next. */
const KEPT = 50;
/** The text whose base is what the commands of the turn answered. */
const ANSWERS = "memory";
const OUTCOMES = ["executed", "invalid", "end"];

/** What there is after a turn. `texts` maps names to texts; `files` to lines and their origins. */
class State {
  constructor(texts, files) {
    this.texts = texts;
    this.files = files;
  }

  after(turn) {
    const texts = new Map(this.texts);
    for (const [name, change] of turn.texts) texts.set(name, apply(change, texts.get(name)));
    texts.set(ANSWERS, turn.told);
    if (!turn.files.length) return new State(texts, this.files);
    const files = new Map(this.files);
    for (const [name, change] of turn.files) {
      if (change === null) files.delete(name);
      else files.set(name, rewritten(files.get(name), change, turn.number));
    }
    return new State(texts, files);
  }
}

function rewritten(old, change, number) {
  const { lines, origins } = old ?? { lines: [0], origins: [0] };
  return { lines: apply(change, lines), origins: apply(change, origins, () => number) };
}

export class Block {
  constructor(data) {
    this.first = data.first;
    this.reader = new LineReader();
    const columns = ["files", "commands", "actions", "outcomes", "events"];
    this.columns = Object.fromEntries(columns.map((name) => [name, new Cursor(data[name])]));
    this.texts = Object.entries(data.texts).map(([name, column]) => [name, new Cursor(column)]);
    this.turns = [];
    this.kept = [this.start(data.origins)];
    let state = this.kept[0];
    for (let n = 0; n < data.turns; n++) {
      const turn = this.turn(this.first + n, state);
      this.turns.push(turn);
      state = state.after(turn);
      if ((n + 1) % KEPT === 0) this.kept.push(state);
    }
    this.last = { place: 0, state: this.kept[0] };
  }

  get end() {
    return this.first + this.turns.length - 1;
  }

  /** The record of a turn. */
  record(number) {
    return this.turns[number - this.first];
  }

  /** The state after a turn; `first - 1` gives the one before the block. */
  state(number) {
    const place = number - this.first + 1;
    let { place: known, state } = this.last;
    if (known > place || known < place - KEPT) {
      known = Math.floor(place / KEPT) * KEPT;
      state = this.kept[known / KEPT];
    }
    while (known < place) state = state.after(this.turns[known++]);
    this.last = { place, state };
    return state;
  }

  string(text) {
    return this.reader.string(text);
  }

  start(origins) {
    const { reader } = this;
    const { files } = this.columns;
    const begun = new Map();
    for (let left = files.next(); left > 0; left--) {
      const name = reader.word(files);
      const turns = [];
      unroll(origins[name], (place, turn) => turns.push(turn));
      begun.set(name, { lines: reader.text(files), origins: turns });
    }
    return new State(new Map(this.texts.map(([name, cursor]) => [name, reader.text(cursor)])), begun);
  }

  turn(number, before) {
    const { reader } = this;
    const { files, actions, outcomes, events } = this.columns;
    const turn = { number, files: [], texts: [], commands: [], events: [] };
    for (let left = files.next(); left > 0; left--) {
      const name = reader.word(files);
      turn.files.push([name, files.next() ? reader.change(files) : null]);
    }
    this.readCommands(turn, turn.files.length ? before.after({ ...turn, texts: [] }) : before);
    this.readTexts(turn, before);
    turn.begins = actions.next() === 1;
    turn.rest = reader.text(actions);
    const told = outcomes.next();
    OUTCOMES.forEach((name, bit) => {
      turn[name] = told & (1 << bit) ? reader.word(outcomes) : null;
    });
    for (let left = events.next(); left > 0; left--) {
      turn.events.push([reader.word(events), reader.word(events)]);
    }
    return turn;
  }

  readCommands(turn, after) {
    const { reader } = this;
    const { commands } = this.columns;
    for (let left = commands.next(); left > 0; left--) {
      const done = commands.next() === 1;
      const text = reader.text(commands);
      const base = commands.next() ? after.files.get(reader.word(commands)).lines : EMPTY;
      const change = reader.change(commands);
      turn.commands.push({ done, text, answer: apply(change, base), news: broughtBy(change) });
    }
  }

  readTexts(turn, before) {
    for (const [name, cursor] of this.texts) {
      const change = this.reader.change(cursor);
      if (name !== ANSWERS) {
        if (change.length) turn.texts.push([name, change]);
        continue;
      }
      const answers = turn.commands.flatMap(({ answer }) => answer);
      turn.told = apply(change, answers.length ? answers : before.texts.get(name));
      turn.news = broughtBy(change);
    }
  }

  /** The action as the agent wrote it. */
  action(turn) {
    const commands = turn.begins ? turn.commands.map(({ text }) => this.string(text)).join("") : "";
    return commands + this.string(turn.rest);
  }
}
