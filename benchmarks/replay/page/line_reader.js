// Reads texts that were written as numbers; benchmarks/replay/line_table.py tells how.
//
// A text is an array of line numbers. A change of it is an array too: `first, count` for lines of
// the old text, and `-1 - line` for a line of the block. An empty change changes nothing.

const END = 0;
const NEW = -1;
const JUMP = -2;
const KNOWN = -3;

/** The text of one empty line, which is the base where there is none. */
export const EMPTY = [0];

export class Cursor {
  constructor([numbers, lines]) {
    this.numbers = numbers;
    this.lines = lines;
    this.place = 0;
    this.used = 0;
  }

  next() {
    return this.numbers[this.place++];
  }
}

export class LineReader {
  constructor() {
    this.lines = [""];
  }

  /** Reads a change of whatever text is its base. */
  change(cursor) {
    const change = [];
    let place = 0;
    for (let n = cursor.next(); n !== END; n = cursor.next()) {
      if (n > 0) {
        change.push(place, n);
        place += n;
      } else if (n === JUMP) {
        place += cursor.next();
      } else {
        change.push(-1 - (n === NEW ? this.add(cursor) : KNOWN - n));
        place += 1;
      }
    }
    return change;
  }

  /** Reads a text. */
  text(cursor, base = EMPTY) {
    return apply(this.change(cursor), base);
  }

  /** Reads a text that has no base, as a string. */
  word(cursor) {
    return this.string(this.text(cursor));
  }

  string(text) {
    return text.map((line) => this.lines[line]).join("\n");
  }

  add(cursor) {
    return this.lines.push(cursor.lines[cursor.used++]) - 1;
  }
}

/** Changes a list with an entry a line, such as a text; `fresh` is the entry for a new line. */
export function apply(change, old, fresh = (line) => line) {
  if (!change.length) return old;
  const made = [];
  for (let n = 0; n < change.length; n++) {
    if (change[n] < 0) made.push(fresh(-1 - change[n]));
    else for (let m = change[n], end = m + change[++n]; m < end; m++) made.push(old[m]);
  }
  return made;
}

/** The lines that a change brings. */
export function broughtBy(change) {
  const brought = [];
  for (let n = 0; n < change.length; n++) {
    if (change[n] < 0) brought.push(-1 - change[n]);
    else n++;
  }
  return brought;
}
