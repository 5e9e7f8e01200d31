// A scene of the kind "ansi": lines of a terminal, with SGR codes for colours. Any other control
// character is shown as a sign of its own, and does nothing.

import { make } from "./dom.js";

const CODE = /\x1b\[([\d;]*)m/g;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
const STEPS = [0, 95, 135, 175, 215, 255];

export class Terminal {
  constructor() {
    this.element = make("pre", "terminal", [], { tabindex: "0" });
    this.lines = [];
  }

  /** Shows a text; only lines that changed are drawn anew. */
  show(lines) {
    const { element } = this;
    while (element.children.length > lines.length) element.lastChild.remove();
    lines.forEach((line, n) => {
      if (n >= element.children.length) element.append(make("div"));
      else if (this.lines[n] === line) return;
      element.children[n].replaceChildren(...drawn(line), "\n");
    });
    this.lines = lines;
  }
}

/** A line as plain text, for searching and reading aloud. */
export function plain(line) {
  return line.replace(CODE, "").replace(CONTROL, visible);
}

function drawn(line) {
  const parts = [];
  let style = {};
  let from = 0;
  const add = (text) => {
    if (text) parts.push(styled(text.replace(CONTROL, visible), style));
  };
  for (const code of line.matchAll(CODE)) {
    add(line.slice(from, code.index));
    style = changed(style, code[1].split(";").map(Number));
    from = code.index + code[0].length;
  }
  add(line.slice(from));
  return parts;
}

function styled(text, { ink, ground, bold, reverse }) {
  if (ink === undefined && ground === undefined && !bold && !reverse) return text;
  const [front, back] = reverse ? [ground ?? "inverse", ink ?? "plain"] : [ink, ground];
  const span = make("span", bold ? "bold" : "", text);
  if (front !== undefined) span.style.color = colour(front);
  if (back !== undefined) span.style.backgroundColor = colour(back);
  return span;
}

/** The style after codes; codes that are not known change nothing. */
function changed(style, codes) {
  const next = { ...style };
  for (let n = 0; n < codes.length; n++) {
    const code = codes[n];
    if (code === 0) for (const name of Object.keys(next)) delete next[name];
    else if (code === 1) next.bold = true;
    else if (code === 22) delete next.bold;
    else if (code === 7) next.reverse = true;
    else if (code === 27) delete next.reverse;
    else if (code === 39) delete next.ink;
    else if (code === 49) delete next.ground;
    else if (code === 38 || code === 48) {
      const [value, used] = extended(codes.slice(n + 1));
      if (value !== null) next[code === 38 ? "ink" : "ground"] = value;
      n += used;
    } else {
      const tens = Math.floor(code / 10);
      const place = { 3: 0, 4: 0, 9: 8, 10: 8 }[tens];
      if (place !== undefined && code % 10 < 8) {
        next[tens === 3 || tens === 9 ? "ink" : "ground"] = place + (code % 10);
      }
    }
  }
  return next;
}

/** A colour of 256, or of all, and how many codes told it. */
function extended([kind, ...rest]) {
  if (kind === 5) return [byte(rest[0]), 2];
  if (kind === 2) return [`rgb(${rest.slice(0, 3).map(byte).join(" ")})`, 4];
  return [null, 1];
}

function byte(value) {
  return Number.isInteger(value) ? Math.min(255, value) : 0;
}

function colour(value) {
  if (typeof value === "string") return value.startsWith("rgb") ? value : `var(--terminal-${value})`;
  if (value < 16) return `var(--terminal-${value})`;
  if (value >= 232) return `rgb(${Array(3).fill(8 + 10 * (value - 232)).join(" ")})`;
  const cube = value - 16;
  const parts = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return `rgb(${parts.map((part) => STEPS[part]).join(" ")})`;
}

function visible(character) {
  const code = character.codePointAt(0);
  return code < 32 ? String.fromCodePoint(0x2400 + code) : code === 127 ? "\u2421" : "\ufffd";
}
