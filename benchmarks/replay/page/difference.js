// What changed between two lists of lines, for showing.

/** Products of line counts up to this are matched line by line. */
const MATCHED = 400_000;

/** Pairs of kind and place: "same" and "new" by the place in `now`, "gone" by that in `old`. */
export function difference(old, now) {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const parts = [];
  for (let n = 0; n < start; n++) parts.push(["same", n]);
  const middle = between(old.slice(start, old.length - end), now.slice(start, now.length - end));
  for (const [kind, place] of middle) parts.push([kind, place + start]);
  for (let n = now.length - end; n < now.length; n++) parts.push(["same", n]);
  return parts;
}

function between(old, now) {
  const gone = old.map((_, n) => ["gone", n]);
  const fresh = now.map((_, n) => ["new", n]);
  if (!old.length || !now.length || old.length * now.length > MATCHED) return [...gone, ...fresh];
  // The longest lines in common, from behind.
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let a = old.length - 1; a >= 0; a--) {
    for (let b = now.length - 1; b >= 0; b--) {
      table[a * width + b] =
        old[a] === now[b]
          ? table[(a + 1) * width + b + 1] + 1
          : Math.max(table[(a + 1) * width + b], table[a * width + b + 1]);
    }
  }
  const parts = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      parts.push(["same", b++]);
      a++;
    } else if (b === now.length || (a < old.length && table[(a + 1) * width + b] >= table[a * width + b + 1])) {
      parts.push(["gone", a++]);
    } else parts.push(["new", b++]);
  }
  return parts;
}

/** Where two lines begin to differ, and where they are the same again: [start, old end, new end]. */
export function within(old, now) {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  return [start, old.length - end, now.length - end];
}
