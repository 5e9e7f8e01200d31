// Jumps to the next or the last turn of a kind, over all columns.

/** Kinds of turns: what the key is, what they are called, which marks they have. */
export const JUMPS = [
  { key: "r", name: "reward", is: (recording, turn) => recording.isNews(turn) },
  { key: "m", name: "write", marks: ["write"] },
  { key: "e", name: "error", marks: ["invalid", "refused", "rejected"] },
];

/**
 * The nearest place with such a turn, or null. `place` gives the place of a turn of a recording.
 */
export function nearest({ is, marks = [] }, recordings, bits, position, direction, place) {
  const wanted = marks.reduce((sum, name) => sum | bits[name], 0);
  const test = is ?? ((recording, turn) => (recording.marks[turn] & wanted) !== 0);
  let best = null;
  for (const recording of recordings) {
    const first = direction > 0 ? 1 : recording.turns;
    for (let turn = first; turn >= 1 && turn <= recording.turns; turn += direction) {
      const there = place(recording, turn);
      if ((there - position) * direction <= 0) continue;
      if (best !== null && (there - best) * direction >= 0) break;
      if (test(recording, turn)) {
        best = there;
        break;
      }
    }
  }
  return best;
}
