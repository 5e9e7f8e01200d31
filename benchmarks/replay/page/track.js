// The timeline of a column: how far the episode came, and what happened when.

import { make } from "./dom.js";
import { count, percent, signed } from "./words.js";

/** The lanes under the curve: marks that share one are told apart by their colours. */
export const LANES = [
  { name: "writes", marks: ["write"], colours: ["write"] },
  { name: "looks up", marks: ["search", "read"], colours: ["search", "read"] },
  { name: "model calls", marks: ["call"], colours: ["call"] },
  { name: "errors", marks: ["invalid", "refused", "rejected"], colours: ["bad", "refused", "rejected"] },
];
const LANE = 5;
const EDGE = 3;

export class Track {
  /** `marks` maps names to bits; `seek` is told a place on the axis. */
  constructor(recording, number, marks) {
    this.recording = recording;
    this.number = number;
    this.marks = marks;
    this.canvas = make("canvas", "", [], { "aria-hidden": "true" });
    this.cursor = make("i", "cursor");
    this.tip = make("span", "tip", [], { hidden: "" });
    const letter = make("b", "letter", "ABCD"[number]);
    this.element = make("div", `track of-${number}`, [letter, this.canvas, this.cursor, this.tip]);
    this.present = this.lanes();
    this.element.style.setProperty("--lanes", `${LANE * this.present.length}px`);
  }

  /** The lanes that have a mark in this episode. */
  lanes() {
    const all = this.recording.marks.reduce((sum, mark) => sum | mark, 0);
    return LANES.filter(({ marks }) => marks.some((name) => all & this.marks[name]));
  }

  /**
   * Draws all but the cursor. `axis` gives the place of a turn; `end` is where the axis ends, and
   * `top` the progression at the upper edge.
   */
  draw(axis, end, top) {
    this.end = Math.max(1, end);
    this.top = top || 1;
    this.axis = axis;
    const { canvas } = this;
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width) return;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const style = getComputedStyle(this.element);
    this.colour = (name) => style.getPropertyValue(`--${name}`);
    this.drawLanes(pen, width, height);
    this.drawCurve(pen, width, height - LANE * this.present.length - 4);
  }

  x(place, width) {
    return (place / this.end) * (width - 2) + 1;
  }

  drawLanes(pen, width, height) {
    const { recording, present, marks } = this;
    present.forEach((lane, n) => {
      const top = height - LANE * (present.length - n);
      pen.fillStyle = this.colour("line");
      pen.fillRect(0, top + LANE - 1, this.x(this.axis(recording.turns), width), 0.5);
      lane.marks.forEach((name, place) => {
        pen.fillStyle = this.colour(lane.colours[place]);
        this.eachColumn(width, (turn) => recording.marks[turn] & marks[name], (x) => {
          pen.fillRect(x, top, 1.5, LANE - 1.5);
        });
      });
    });
  }

  /** Draws at each place that has a turn of a kind, once: thousands of turns share a pixel. */
  eachColumn(width, is, draw) {
    let last = -1;
    for (let turn = 1; turn <= this.recording.turns; turn++) {
      if (!is(turn)) continue;
      const x = Math.round(this.x(this.axis(turn), width) * 2) / 2 - 0.5;
      if (x - last < 0.5) continue;
      draw(x, turn);
      last = x;
    }
  }

  drawCurve(pen, width, height) {
    const { recording } = this;
    const room = height - 2 * EDGE;
    const y = (value) => height - EDGE - ((Number.isNaN(value) ? 0 : value) / this.top) * room;
    const curve = new Path2D();
    curve.moveTo(this.x(0, width), y(recording.progressions[0]));
    let last = recording.progressions[0];
    let drawn = -1;
    for (let turn = 1; turn <= recording.turns; turn++) {
      const value = recording.progressions[turn];
      const x = this.x(this.axis(turn), width);
      if (value === last && x - drawn < 1 && turn < recording.turns) continue;
      curve.lineTo(x, y(last));
      curve.lineTo(x, y(value));
      [last, drawn] = [value, x];
    }
    pen.strokeStyle = this.colour("column");
    pen.lineWidth = 1.75;
    pen.stroke(curve);
    curve.lineTo(this.x(this.axis(recording.turns), width), y(0));
    curve.lineTo(this.x(0, width), y(0));
    pen.globalAlpha = 0.14;
    pen.fillStyle = this.colour("column");
    pen.fill(curve);
    pen.globalAlpha = 1;
    this.drawRewards(pen, width, y);
  }

  drawRewards(pen, width, y) {
    const { recording } = this;
    const { rewards, progressions } = recording;
    const kinds = [
      ["bad", (turn) => rewards[turn] < 0 && recording.isNews(turn)],
      ["good", (turn) => rewards[turn] > 0 && recording.isNews(turn)],
    ];
    for (const [name, is] of kinds) {
      pen.fillStyle = this.colour(name);
      this.eachColumn(width, is, (x, turn) => {
        pen.beginPath();
        pen.arc(x + 0.75, y(progressions[turn]), 2.4, 0, 7);
        pen.fill();
      });
    }
  }

  /** Puts the cursor at a place of the axis. */
  move(place) {
    this.cursor.style.left = `${(100 * Math.min(place, this.end)) / this.end}%`;
  }

  /** Tells what happened at a place, over which the pointer is. */
  tell(turn, place) {
    const { recording, tip } = this;
    const mark = recording.marks[turn];
    const parts = [`step ${count(recording.steps[turn])}, turn ${count(turn)}`];
    if (!Number.isNaN(recording.progressions[turn])) parts.push(percent(recording.progressions[turn]));
    if (recording.rewards[turn]) parts.push(`reward ${signed(recording.rewards[turn])}`);
    parts.push(...Object.keys(this.marks).filter((name) => mark & this.marks[name]));
    tip.textContent = parts.join(" · ");
    tip.hidden = false;
    const share = Math.min(1, place / this.end);
    tip.style.left = `${100 * share}%`;
    tip.style.transform = `translateX(${-100 * share}%)`;
  }

  quiet() {
    this.tip.hidden = true;
  }
}
