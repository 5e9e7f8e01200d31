// A recorded episode: its overview, and its blocks, which are opened one by one.

import { openPiece, unroll } from "./archive.js";
import { Block } from "./block.js";

/** Blocks that stay open. */
const OPEN = 6;

export class Recording {
  /** `told` is what the page's manifest says of the episode. */
  constructor(told) {
    this.told = told;
    this.turns = told.turns;
    this.blocks = told.blocks ?? [];
    this.opened = new Map();
    this.opening = new Map();
  }

  /** Opens the overview; the lists are by turn, and turn 0 is the start. */
  async open() {
    const size = this.turns + 1;
    this.steps = new Int32Array(size);
    this.rewards = new Float64Array(size);
    this.progressions = new Float64Array(size);
    this.marks = new Uint16Array(size);
    if (this.turns) {
      const overview = await openPiece(this.told.overview);
      unroll(overview.rewards, (place, value) => (this.rewards[place + 1] = value ?? 0));
      unroll(overview.progressions, (place, value) => (this.progressions[place + 1] = value ?? NaN));
      unroll(overview.marks, (place, value) => (this.marks[place + 1] = value));
      unroll(overview.steps, (place, gone) => (this.steps[place + 1] = this.steps[place] + gone));
      this.progressions[0] = Number.isNaN(this.progressions[1]) ? NaN : 0;
    }
    this.best = this.progressions.reduce((best, value) => (value > best ? value : best), 0);
    return this;
  }

  /** Whether the reward of a turn is news: one that most turns have, such as a penalty, is none. */
  isNews(turn) {
    if (this.usual === undefined) {
      const sorted = this.rewards.slice(1).sort();
      const middle = sorted[this.turns >> 1];
      const same = sorted.reduce((sum, value) => sum + (value === middle), 0);
      this.usual = same > this.turns / 2 ? middle : null;
    }
    return this.rewards[turn] !== 0 && this.rewards[turn] !== this.usual;
  }

  get lastStep() {
    return this.steps[this.turns];
  }

  /** The turn in which a game step was made; the last turn for the last step, and behind it. */
  turnOfStep(step) {
    if (step >= this.lastStep) return this.turns;
    let low = 0;
    let high = this.turns;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] >= step) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The game step that a turn belongs to: that of its action, or of the one that it prepares. */
  stepOf(turn) {
    const acts = turn > 0 && this.steps[turn] > this.steps[turn - 1];
    return acts ? this.steps[turn] : Math.min(this.steps[turn] + 1, this.lastStep);
  }

  /** The block of a turn; that of the first turn for turn 0. */
  async block(turn) {
    let low = 0;
    for (let high = this.blocks.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle][0] <= turn) low = middle;
      else high = middle - 1;
    }
    return this.openBlock(low);
  }

  openBlock(number) {
    return this.keep(`block ${number}`, async () => new Block(await openPiece(this.blocks[number][1])));
  }

  /** The model calls of the turns of a block, or null. */
  async calls(turn) {
    const block = await this.block(turn);
    const [, , piece] = this.blocks.find(([first]) => first === block.first);
    return piece === null ? null : this.keep(`calls ${piece}`, () => openPiece(piece));
  }

  /** Opens something once, and forgets what was not used for longest. */
  async keep(name, make) {
    let kept = this.opened.get(name);
    this.opened.delete(name);
    kept ??= make();
    this.opened.set(name, kept);
    if (this.opened.size > OPEN) this.opened.delete(this.opened.keys().next().value);
    return kept;
  }

  /** What there is to show of a span of turns, the last of which is `to`. */
  async moment(from, to) {
    // The earlier state first: a block finds the next one from it.
    const early = await this.block(from);
    const before = view(early, early.state(from));
    const block = await this.block(to);
    const state = block.state(to);
    const turns = [];
    for (let turn = from + 1; turn <= to; turn++) {
      const holder = await this.block(turn);
      turns.push({ block: holder, record: holder.record(turn) });
    }
    return { from, to, block, state, turns, before };
  }
}

function view(block, state) {
  return { block, state };
}
