// What the agent did in a turn, or in the turns of a game step, and what came of it.

import { taken } from "./command.js";
import { fold, isLong, make } from "./dom.js";
import { length, percent, plural, signed } from "./words.js";

/** Turns of a step that are shown one by one; of more, the last ones are. */
const SHOWN = 40;

export class TurnView {
  /** `operations` tells what the commands of a memory take, and which of them write. */
  constructor(recording, operations) {
    this.recording = recording;
    this.operations = operations;
    this.body = make("div", "scroll", [], { tabindex: "0", "aria-label": "what was done" });
    this.number = make("span");
    this.took = make("span", "took");
    this.element = make("section", "panel turn", [
      make("div", "panel-head", [make("h2", "", ["turn ", this.number]), this.took]),
      this.body,
    ], { "aria-label": "turn" });
  }

  show({ from, to, turns }) {
    const several = turns.length > 1 ? `${from + 1}–${to}` : `${to}`;
    this.number.textContent = `${several} of ${this.recording.turns.toLocaleString("en")}`;
    // Of many turns, the last one acts: it may stand far below.
    const action = turns.length > 1 ? turns.at(-1).record.executed : null;
    this.took.textContent = action === null ? "" : `→ ${action}`;
    const left = turns.length - SHOWN;
    const shown = turns.slice(-SHOWN).map((turn) => this.turn(turn, turns.length > 1));
    if (left > 0) shown.unshift(make("p", "note", `${plural(left, "earlier turn")} of this step`));
    if (!turns.length) shown.push(make("p", "note", "Before the first turn. “rules” tells what the agent was told."));
    this.body.replaceChildren(...shown);
  }

  turn({ block, record }, named) {
    const parts = [this.outcome(record)];
    parts.push(...record.commands.map((command) => this.command(block, command)));
    const written = block.action(record);
    if (saysMore(written, block, record)) parts.push(this.written(written));
    if (named) parts[0].prepend(make("h3", "", `turn ${record.number}`));
    return make("div", "turn-box", parts);
  }

  outcome(record) {
    const { recording } = this;
    const reward = recording.rewards[record.number];
    const chips = [
      record.executed === null
        ? make("span", "chip quiet", "memory only")
        : make("span", "chip act", [make("i", "", "action"), record.executed]),
    ];
    if (record.invalid !== null) chips.push(labelled("bad", "invalid", record.invalid));
    if (reward) chips.push(labelled(reward > 0 ? "good" : "bad", "reward", signed(reward)));
    const [before, after] = [record.number - 1, record.number].map((n) => recording.progressions[n]);
    if (after > before) chips.push(labelled("good", "progression", percent(after)));
    for (const [name, detail] of record.events) {
      chips.push(labelled(name === "rejected" ? "bad" : "", name, detail));
    }
    if (record.end !== null) chips.push(labelled("end", "the end", record.end));
    return make("div", "chips", chips);
  }

  command(block, { done, text, answer }) {
    const { name, where, what, writes } = taken(block.string(text), this.operations);
    const kind = ["command", writes ? "writes" : "", done ? "" : "refused"].join(" ");
    const head = make("div", "command-head", [
      make("b", "", name),
      ...where.map((part) => make("span", "part", part)),
    ]);
    const said = `${done ? "" : "refused: "}${block.string(answer)}`;
    const box = make("div", kind, head);
    if (what) (isShort(what) ? head : box).append(passage(what));
    (isShort(said) ? head : box).append(answered(said));
    return box;
  }

  written(text) {
    return isLong(text)
      ? fold(`as written: ${plural(length(text), "character")}`, () => make("pre", "text", text))
      : make("pre", "text written", text);
  }
}

/** Whether an action holds more than the commands and the game action that are shown anyway. */
function saysMore(written, block, record) {
  const blocks = record.commands.map(({ text }) => block.string(text));
  if (record.executed !== null) blocks.push(`<|ACTION|>${record.executed}<|END|>`, record.executed);
  let rest = written;
  for (const shown of [...blocks, "<|DONE|>"]) rest = rest.split(shown).join("");
  return rest.trim() !== "";
}

function labelled(kind, label, text) {
  return make("span", `chip ${kind}`, text ? [make("i", "", label), text] : label);
}

function isShort(text) {
  return text.length <= 90 && !text.includes("\n");
}

function passage(text) {
  return isLong(text)
    ? fold(`${plural(text.split("\n").length, "line")}, ${plural(length(text), "character")}`, () => make("pre", "text", text))
    : make("pre", "text", text);
}

function answered(text) {
  const lines = text.split("\n").length;
  if (!isLong(text)) return make("pre", "text answer", text);
  const title = `${text.split("\n")[0].slice(0, 80)} … ${plural(lines, "line")}`;
  return fold(title, () => make("pre", "text", text), "answer");
}
