// The memory: its files, and what changed in them.

import { writersOf } from "./command.js";
import { difference, within } from "./difference.js";
import { make } from "./dom.js";
import { length, plural } from "./words.js";

/** Lines that are shown before and after what changed; more are shown when asked for. */
const AROUND = 150;

export class MemoryView {
  /** `operations` tells what the commands of a memory take, and which of them write. */
  constructor(recording, operations) {
    this.recording = recording;
    this.operations = operations;
    this.size = make("span");
    this.list = make("div", "files", [], { role: "group", "aria-label": "files" });
    this.writers = make("span", "writers");
    this.lines = make("div", "lines scroll", [], { tabindex: "0", "aria-label": "text of the file" });
    this.element = make("section", "panel memory", [
      make("div", "panel-head", [make("h2", "", "memory"), this.writers, this.size]),
      this.list,
      this.lines,
    ], { "aria-label": "memory" });
    this.shown = null;
    this.pinned = false;
    this.whole = false;
  }

  show(moment) {
    this.moment = moment;
    const { state, before } = moment;
    const names = [...new Set([...before.state.files.keys(), ...state.files.keys()])];
    const changed = names.filter((name) => this.differs(name));
    if (!this.pinned || !names.includes(this.shown)) {
      const turn = changed.includes(this.shown) ? this.shown : changed[0];
      this.shown = turn ?? (names.includes(this.shown) ? this.shown : names[0]) ?? null;
    }
    const sizes = new Map(names.map((name) => [name, this.measure(name)]));
    const total = [...sizes.values()].reduce((sum, { chars }) => sum + chars, 0);
    this.size.textContent = `${plural(state.files.size, "file")}, ${plural(total, "character")}`;
    this.showList(names, sizes, new Set(changed));
    this.showWriters(changed.includes(this.shown));
    this.showLines();
  }

  /** Tells which commands changed the file in sight. */
  showWriters(changed) {
    const told = changed
      ? this.moment.turns.flatMap((turn) => {
          const names = writersOf(this.shown, turn, this.operations);
          return names.length ? `${names.join(", ")} in turn ${turn.record.number}` : [];
        })
      : [];
    // What no command of its turn wrote was forgotten, or changed by an operation of the user's own.
    this.writers.textContent = told.length ? told.join(" · ") : changed ? "changed by no command" : "";
    this.writers.title = this.writers.textContent;
    this.writers.hidden = !changed;
  }

  /** Whether a file is not what it was; a state that was rebuilt holds other lists, but the same lines. */
  differs(name) {
    const { state, before } = this.moment;
    const [old, now] = [before, this.moment].map((view) => view.state.files.get(name));
    if (old === now) return false;
    if (!before.state.files.has(name) || !state.files.has(name)) return true;
    const [was, is] = [this.strings(before, name), this.strings(this.moment, name)];
    return was.length !== is.length || was.some((line, n) => line !== is[n]);
  }

  strings(view, name) {
    const file = view.state.files.get(name);
    if (!file) return [];
    const lines = file.lines.map((line) => view.block.reader.lines[line]);
    // What stands behind the last line break is no line, where it is nothing.
    return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  }

  measure(name) {
    const file = this.moment.state.files.get(name);
    if (!file) return { lines: 0, chars: 0 };
    if (!file.measured) {
      const text = this.moment.block.string(file.lines);
      file.measured = { lines: this.strings(this.moment, name).length, chars: length(text) };
    }
    return file.measured;
  }

  showList(names, sizes, changed) {
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.file : null;
    const made = names.map((name) => {
      const gone = !this.moment.state.files.has(name);
      const { lines, chars } = sizes.get(name);
      const about = gone ? "deleted" : `${plural(lines, "line")}, ${plural(chars, "character")}`;
      const kinds = ["file", changed.has(name) ? "changed" : "", gone ? "gone" : ""].join(" ");
      const chip = make("button", kinds, [make("b", "", name), make("span", "", gone ? "deleted" : String(chars))], {
        type: "button",
        "aria-pressed": String(name === this.shown),
        title: `${name}: ${about}${name === this.shown && this.pinned ? "; click to follow changes" : ""}`,
      });
      chip.dataset.file = name;
      chip.addEventListener("click", () => this.choose(name));
      return chip;
    });
    this.list.replaceChildren(...(made.length ? made : [make("p", "note", "no files")]));
    this.keepInSight(made.find((chip) => chip.dataset.file === this.shown));
    if (focused !== null) made.find((chip) => chip.dataset.file === focused)?.focus();
  }

  /** Scrolls the list of files, and nothing else, to a chip of it. */
  keepInSight(chip) {
    const { list } = this;
    if (!chip) return;
    if (chip.offsetTop < list.scrollTop) list.scrollTop = chip.offsetTop;
    const end = chip.offsetTop + chip.offsetHeight - list.clientHeight;
    if (end > list.scrollTop) list.scrollTop = end;
  }

  /** Keeps a file in sight; chosen again, the view follows what changes. */
  choose(name) {
    this.pinned = !(this.pinned && this.shown === name);
    this.shown = name;
    this.whole = false;
    this.show(this.moment);
  }

  showLines() {
    const { moment, shown } = this;
    const scrolled = this.lines.scrollTop;
    const [old, now] = [moment.before, moment].map((view) => this.strings(view, shown));
    const origins = moment.state.files.get(shown)?.origins ?? [];
    const parts = difference(old, now);
    const drawn = [];
    const marks = parts.map(([kind], n) => (kind === "same" ? -1 : n)).filter((n) => n >= 0);
    const near = this.window(parts.length, marks);
    for (let n = near.from; n < near.to; n++) {
      const [kind, place] = parts[n];
      const pair = kind === "gone" ? parts[n + 1] : kind === "new" ? parts[n - 1] : null;
      const partner = pair && pair[0] !== kind && pair[0] !== "same" ? pair[1] : null;
      if (kind === "gone") drawn.push(line("gone", old[place], partner === null ? null : within(old[place], now[partner])));
      else {
        const edges = partner === null ? null : within(old[partner], now[place]);
        drawn.push(line(kind, now[place], edges && [edges[0], edges[2]], origins[place]));
      }
    }
    this.lines.replaceChildren(
      ...this.more(near.from, "above"),
      ...drawn,
      ...this.more(parts.length - near.to, "below"),
    );
    if (!parts.length && shown !== null) this.lines.append(make("p", "note", "an empty file"));
    const first = this.lines.querySelector(".new, .gone");
    const box = this.lines;
    if (!first) box.scrollTop = scrolled;
    else if (first.offsetTop < box.scrollTop + 24 || first.offsetTop > box.scrollTop + box.clientHeight - 48) {
      box.scrollTop = first.offsetTop - box.clientHeight / 3;
    }
  }

  /** Which lines are drawn: all of a short file, else those around what changed, or the last. */
  window(total, marks) {
    if (this.whole || total <= 2 * AROUND) return { from: 0, to: total };
    const first = marks.length ? marks[0] : total;
    const last = marks.length ? marks.at(-1) : total;
    const from = Math.max(0, first - AROUND);
    return { from, to: Math.min(total, Math.max(last, first) + AROUND, from + 4 * AROUND) };
  }

  more(hidden, where) {
    if (hidden <= 0) return [];
    const ask = make("button", "more", `${plural(hidden, "more line")} ${where}`, { type: "button" });
    ask.addEventListener("click", () => {
      this.whole = true;
      this.showLines();
    });
    return [ask];
  }
}

function line(kind, text, edges, origin) {
  const content = make("span", "content");
  if (edges) {
    content.append(text.slice(0, edges[0]), make("mark", "", text.slice(edges[0], edges[1])), text.slice(edges[1]));
  } else content.append(text);
  const when = kind === "gone" ? "−" : origin ? String(origin) : "start";
  const told = kind === "gone" ? "removed" : origin ? `written in turn ${origin}` : "there from the start";
  return make("div", `line ${kind}`, [make("span", "origin", when), content], { title: told });
}
