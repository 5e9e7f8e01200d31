// Numbers as people read them.

export function count(value) {
  return value.toLocaleString("en");
}

export function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

export function decimal(value, digits) {
  return Number(value.toFixed(digits)).toString();
}

export function percent(value) {
  return value === null || value === undefined ? "–" : `${decimal(100 * value, 1)}%`;
}

export function signed(value) {
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${decimal(Math.abs(value), 3)}`;
}

/** Length of a text as Python counts it: in characters, not in UTF-16 units. */
export function length(text) {
  let units = text.length;
  for (const pair of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) units -= pair.length;
  return units;
}
