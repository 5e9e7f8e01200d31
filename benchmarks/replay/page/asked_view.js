// What models were asked on the way to a turn, and what they answered.

import { Conversations } from "./conversations.js";
import { fold, isLong, make } from "./dom.js";
import { count, decimal, plural } from "./words.js";

export class AskedView {
  constructor(recording) {
    this.recording = recording;
    this.size = make("span");
    this.body = make("div", "scroll", [], { tabindex: "0", "aria-label": "what models were asked" });
    this.element = make("section", "panel asked", [
      make("div", "panel-head", [make("h2", "", "asked"), this.size]),
      this.body,
    ], { "aria-label": "what models were asked" });
    this.read = new WeakMap();
  }

  /** Whether the episode has model calls at all. */
  get any() {
    return this.recording.blocks.some(([, , piece]) => piece !== null);
  }

  /** Finds the calls of a moment. */
  async find({ from, to, turns }) {
    const found = [];
    for (let turn = from + 1; turn <= to; turn++) found.push(...(await this.ofTurn(turn, turns[turn - from - 1].block)));
    if (to === this.recording.turns) found.push(...(await this.unfinished(to)));
    return found;
  }

  async ofTurn(turn, block) {
    const conversations = await this.conversations(turn);
    const calls = conversations?.turns[turn - block.first] ?? [];
    return calls.map((call) => ({ call, conversations, turn }));
  }

  /** The calls behind the last turn, which led to none. */
  async unfinished(turn) {
    const block = await this.recording.block(turn);
    const conversations = await this.conversations(turn);
    const calls = conversations?.turns[block.turns.length] ?? [];
    return calls.map((call) => ({ call, conversations, turn: null }));
  }

  async conversations(turn) {
    const data = await this.recording.calls(turn);
    if (data && !this.read.has(data)) this.read.set(data, new Conversations(data));
    return data && this.read.get(data);
  }

  show(found) {
    const tokens = (place) => found.reduce((sum, { call }) => sum + (call.usage?.[place] ?? 0), 0);
    const cached = tokens(1) ? ` (${count(tokens(1))} cached)` : "";
    this.size.textContent = found.length
      ? `${plural(found.length, "call")}, ${count(tokens(0))} tokens in${cached}, ${count(tokens(3))} out`
      : "no calls";
    this.body.replaceChildren(...found.map((one) => this.call(one)));
  }

  call({ call, conversations, turn }) {
    const title = [make("b", "role", call.role)];
    if (call.routine) title.push(make("b", "routine", call.routine));
    title.push(make("span", "cost", costs(call)));
    if (turn === null) title.push(make("span", "chip bad", "led to no turn"));
    const box = fold("", () => this.conversation(call, conversations), `call of-${place(call.role)}`);
    box.querySelector("summary").replaceChildren(...title);
    if (call.answer === null) return make("div", "asking", box);
    const said = conversations.text(call.answer).lines.join("\n");
    const answer = isLong(said)
      ? fold(`answered: ${said.slice(0, 100).replaceAll("\n", " ")} …`, () => make("pre", "text", said), "said")
      : make("pre", "text said", said);
    return make("div", "asking", [box, answer]);
  }

  conversation(call, conversations) {
    return call.messages.map(({ speaker, number, seen }) => {
      const { lines, fresh } = conversations.text(number);
      const marked = seen ? null : fresh;
      const news = seen ? "as before" : fresh ? `${plural(fresh.size, "new line")} of ${count(lines.length)}` : plural(lines.length, "line");
      return fold(`${speaker}: ${news}`, () => message(lines, marked), seen ? "message seen" : "message");
    });
  }
}

function message(lines, fresh) {
  const shown = lines.map((line, n) => make("div", fresh?.has(n) ? "new" : "", `${line}\n`));
  return make("pre", "text", shown);
}

function costs({ usage, latency, stop, model, overflow }) {
  if (!usage) return unfit(overflow);
  const [input, cached, , output] = usage;
  const parts = [`${count(input)} in${cached ? ` (${count(cached)} cached)` : ""}`, `${count(output)} out`];
  if (latency >= 0.05) parts.push(`${decimal(latency, 1)} s`);
  if (stop) parts.push(stop);
  return `${parts.join(" · ")} · ${model}`;
}

/** What is said of a conversation that was longer than the model takes. */
function unfit([tokens, limit] = []) {
  const sizes = tokens && limit ? `: ${count(tokens)} tokens, of at most ${count(limit)}` : "";
  return `the conversation did not fit${sizes}`;
}

const places = new Map();

/** A number for each role, in the order in which they appear: roles are told apart by colours. */
function place(role) {
  if (!places.has(role)) places.set(role, places.size % 4);
  return places.get(role);
}
