// The data that the page holds: each piece is compressed, and opened when it is needed.

import { at } from "./dom.js";

export async function open(id) {
  const coded = atob(at(id).textContent);
  const bytes = Uint8Array.from(coded, (character) => character.charCodeAt(0));
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(inflated).json();
}

export function openPiece(number) {
  return open(`data-${number}`);
}

/** Values that were written as [value, count, value, count, …]. */
export function unroll(runs, fill) {
  let place = 0;
  for (let n = 0; n < runs.length; n += 2) {
    for (let left = runs[n + 1]; left > 0; left--) fill(place++, runs[n]);
  }
}
