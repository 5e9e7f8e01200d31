// The model calls of a block of turns. Their texts are written once; a text that resembles an
// earlier one is the difference to it.

const SPEAKERS = { s: "system", u: "told", a: "answered" };

export class Conversations {
  /** `turns`: for each turn of the block its calls, as benchmarks/trace/calls.py writes them. */
  constructor(turns) {
    this.said = [];
    this.turns = turns.map((calls) => calls.map((call) => this.numbered(call)));
  }

  /** A call whose texts are numbers: they are numbered in the order in which they appear. */
  numbered(call) {
    const known = this.said.length;
    const messages = call.messages.map(([letter, written]) => {
      const number = this.number(written);
      return { speaker: SPEAKERS[letter] ?? letter, number, seen: number < known };
    });
    return { ...call, messages, answer: "text" in call ? this.number(call.text) : null };
  }

  /** The number of a text: it is one already, or the text is new. */
  number(written) {
    return typeof written === "number" ? written : this.said.push(written) - 1;
  }

  /** The lines of a text, and which of them are not in the text that it was written after. */
  text(number) {
    const chain = [number];
    while (Array.isArray(this.said[number])) {
      number = this.said[number][0];
      chain.push(number);
    }
    let told = { lines: this.said[chain.pop()].split("\n"), fresh: null };
    for (const next of chain.reverse()) told = change(told.lines, this.said[next][1]);
    return told;
  }
}

/** A delta holds new lines, and runs [first, count] of old ones. */
function change(old, delta) {
  const lines = [];
  const fresh = new Set();
  for (const part of delta) {
    if (typeof part === "string") {
      fresh.add(lines.length);
      lines.push(part);
    } else {
      for (let n = 0; n < part[1]; n++) lines.push(old[part[0] + n]);
    }
  }
  return { lines, fresh };
}
