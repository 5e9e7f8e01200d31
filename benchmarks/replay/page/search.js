// Search over the whole episodes of the columns: what the agents saw, did, wrote and were answered.

import { at, button, make } from "./dom.js";
import { broughtBy } from "./line_reader.js";
import { plain } from "./terminal.js";
import { count, plural } from "./words.js";

/** Hits that are listed at once; more are when they are asked for. */
const LISTED = 100;
/** Characters of a line that a hit shows. */
const SHOWN = 120;

export class Search {
  /** `go` is told the recording and the turn of a hit. */
  constructor(stage, go) {
    this.stage = stage;
    this.go = go;
    this.number = 0;
    this.input = make("input", "", [], { type: "search", "aria-label": "search for", placeholder: "search all turns" });
    this.found = make("output");
    this.list = make("ol", "hits");
    this.element = at("search");
    const close = button("×", () => this.close(), { kind: "plain", title: "close the search (Escape)" });
    this.element.append(make("div", "panel-head", [this.input, close]), this.found, this.list);
    this.input.addEventListener("input", () => this.start());
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") this.walk(event);
    });
  }

  open() {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
  }

  close() {
    this.number++;
    this.element.hidden = true;
    at("find").focus();
  }

  walk(event) {
    event.preventDefault();
    const stops = [this.input, ...this.list.querySelectorAll("button")];
    const place = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops[Math.max(0, Math.min(stops.length - 1, place))].focus();
  }

  async start() {
    const number = ++this.number;
    const words = this.input.value.toLowerCase();
    this.list.replaceChildren();
    this.found.textContent = "";
    if (words.length < 2) return;
    const hits = [];
    for (const column of this.stage.columns.filter(({ recording }) => recording)) {
      for (let n = 0; n < column.recording.blocks.length; n++) {
        const block = await column.recording.openBlock(n);
        if (number !== this.number) return;
        for (const hit of find(block, words)) {
          hits.push([column, hit]);
          if (hits.length <= LISTED) this.list.append(this.hit(column, hit, words));
        }
        this.found.textContent = `${plural(hits.length, "hit")} …`;
      }
    }
    this.found.textContent = hits.length ? plural(hits.length, "hit") : "nothing found";
    this.offer(hits, words);
  }

  /** Offers to list some more of the hits. */
  offer(hits, words) {
    const listed = this.list.children.length;
    if (hits.length <= listed) return;
    const ask = button(`${plural(hits.length - listed, "more hit")} …`, () => {
      const more = hits.slice(listed, listed + LISTED).map(([column, hit]) => this.hit(column, hit, words));
      ask.parentElement.replaceWith(...more);
      more[0].firstChild.focus();
      this.offer(hits, words);
    });
    this.list.append(make("li", "", ask));
  }

  hit(column, { turn, where, line }, words) {
    const place = line.toLowerCase().indexOf(words);
    const from = Math.max(0, place - SHOWN / 3);
    const shown = make("span", "snippet", [
      `${from ? "…" : ""}${line.slice(from, place)}`,
      make("mark", "", line.slice(place, place + words.length)),
      line.slice(place + words.length, from + SHOWN),
    ]);
    const step = column.recording.steps[turn];
    const title = [make("b", `letter of-${column.number}`, column.letter), `step ${count(step)}, turn ${count(turn)} · ${where}`];
    return make("li", "", button([make("span", "where", title), shown], () => this.go(column.recording, turn)));
  }
}

/** The lines of a block that hold the words, where they appear: turn, where, line. */
function* find(block, words) {
  const matching = new Map();
  block.reader.lines.forEach((text, line) => {
    const told = plain(text);
    if (told.toLowerCase().includes(words)) matching.set(line, told);
  });
  if (!matching.size) return;
  for (const record of block.turns) {
    for (const [where, lines] of brought(record)) {
      const seen = new Set();
      for (const line of lines) {
        if (!matching.has(line) || seen.has(line)) continue;
        seen.add(line);
        yield { turn: record.number, where, line: matching.get(line) };
      }
    }
  }
}

/** What a turn brings: names, and the lines that were not there before. */
function* brought(record) {
  for (const [name, change] of record.texts) if (name !== "scene") yield [name, broughtBy(change)];
  yield ["action", record.rest];
  for (const { text, news } of record.commands) {
    yield ["command", text];
    yield ["answer", news];
  }
  for (const [name, change] of record.files) if (change) yield [name, broughtBy(change)];
  yield ["told", record.news];
}
