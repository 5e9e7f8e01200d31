// The controls under the columns.

import { at, button, fill, make } from "./dom.js";
import { SPEEDS } from "./clock.js";
import { JUMPS } from "./jumps.js";
import { LANES } from "./track.js";
import { count } from "./words.js";

export class Deck {
  constructor(stage, clock) {
    this.stage = stage;
    this.clock = clock;
    const scrub = at("scrub");
    scrub.addEventListener("input", () => clock.seek(Number(scrub.value)));
    at("play").addEventListener("click", () => clock.toggle());
    at("back").addEventListener("click", () => clock.seek(clock.position - 1));
    at("forward").addEventListener("click", () => clock.seek(clock.position + 1));
    at("by").addEventListener("change", () => stage.setBy(at("by").value));
    at("speed").addEventListener("change", () => {
      clock.speed = Number(at("speed").value);
    });
    fill(at("speed"), SPEEDS.map((speed) => [speed, `${speed}/s`]), clock.speed);
    at("jumps").append(...JUMPS.map((kind) => this.pair(kind)));
    const tracks = at("tracks");
    tracks.addEventListener("pointermove", (event) => this.point(event));
    tracks.addEventListener("pointerleave", () => this.eachTrack((track) => track.quiet()));
    new ResizeObserver(() => stage.drawTracks()).observe(tracks);
  }

  pair(kind) {
    const jump = (direction) => () => this.stage.jump(kind, direction);
    return make("span", "pair", [
      button("‹", jump(-1), { title: `last ${kind.name} (${kind.key.toUpperCase()})` }),
      make("span", "", kind.name),
      button("›", jump(1), { title: `next ${kind.name} (${kind.key})` }),
    ]);
  }

  eachTrack(act) {
    for (const column of this.stage.columns) if (column.track) act(column.track, column.recording);
  }

  /** Tells what happened where the pointer is, in the timeline that it is over. */
  point(event) {
    this.eachTrack((track, recording) => {
      const box = track.canvas.getBoundingClientRect();
      const over = event.clientY >= box.top && event.clientY < box.bottom;
      const share = (event.clientX - box.left) / box.width;
      if (!over || share < 0 || share > 1) return track.quiet();
      const place = Math.round(share * this.clock.length);
      return track.tell(this.stage.turnAt(recording, place), place);
    });
  }

  /** Shows what the clock says. */
  show() {
    const { clock, stage } = this;
    const { position, length, playing, speed } = clock;
    const scrub = at("scrub");
    scrub.max = length;
    scrub.value = position;
    scrub.setAttribute("aria-valuetext", `${stage.by} ${position} of ${length}`);
    at("position").textContent = `${stage.by} ${count(position)} / ${count(length)}`;
    at("play").classList.toggle("playing", playing);
    at("play").setAttribute("aria-label", playing ? "pause" : "play");
    at("by").value = stage.by;
    at("speed").value = speed;
  }

  /** Explains the marks that the timelines have. */
  explain() {
    const lanes = new Set();
    this.eachTrack((track) => track.present.forEach((lane) => lanes.add(lane)));
    const marks = LANES.filter((lane) => lanes.has(lane)).flatMap(({ marks: names, colours }) =>
      names.map((name, n) => [colours[n], name]),
    );
    const all = [["progress", "progression"], ["good", "reward"], ["bad", "penalty"], ...marks];
    at("legend").replaceChildren(
      ...all.map(([colour, name]) => make("span", "", [make("i", "mark", [], { "data-kind": colour }), name])),
    );
  }
}
