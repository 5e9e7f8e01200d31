// Where the columns are, and how fast they go on.

export const SPEEDS = [1, 2, 5, 10, 30, 60, 120];
const USUAL = 5;

export class Clock {
  /** `moved` is called whenever the position, the length or the playing changed. */
  constructor(moved) {
    this.moved = moved;
    this.position = 0;
    this.length = 0;
    this.speed = USUAL;
    this.playing = false;
    /** Set by whoever shows positions: until it is cleared, the clock waits. */
    this.busy = false;
  }

  seek(position) {
    this.position = Math.max(0, Math.min(this.length, Math.round(position)));
    if (this.position === this.length) this.playing = false;
    this.moved();
  }

  setLength(length) {
    this.length = length;
    this.position = Math.min(this.position, length);
  }

  stop() {
    this.playing = false;
    this.moved();
  }

  toggle() {
    if (this.playing) return this.stop();
    if (this.position === this.length) this.position = 0;
    this.playing = this.length > 0;
    this.begun = undefined;
    requestAnimationFrame((time) => this.tick(time));
    return this.moved();
  }

  tick(time) {
    if (!this.playing) return;
    const gone = this.begun === undefined ? 0 : ((time - this.begun) / 1000) * this.speed;
    if (this.begun === undefined) this.begun = time;
    if (gone >= 1 && !this.busy) {
      // What is left of a step counts for the next one; a page that cannot keep up drops steps.
      this.begun = time - ((gone % 1) / this.speed) * 1000;
      this.seek(this.position + Math.floor(gone));
    }
    requestAnimationFrame((next) => this.tick(next));
  }

  faster(direction) {
    const place = SPEEDS.indexOf(this.speed) + direction;
    this.speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place))];
    this.begun = undefined;
    this.moved();
  }
}
