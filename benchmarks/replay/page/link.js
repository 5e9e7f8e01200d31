// The address of what is shown: environment, seed, the columns' runs and repeats, and the position.

export function write({ stage, clock, manifest }) {
  const words = new URLSearchParams({ env: stage.env, seed: stage.seed });
  for (const { run, repeat } of stage.columns) {
    words.append("run", manifest.runs[run]);
    words.append("repeat", repeat);
  }
  words.set(stage.by, clock.position);
  return `#${words}`;
}

/** What an address asks for, as the stage takes it; what it does not say is left out. */
export function read(hash, manifest) {
  const words = new URLSearchParams(hash.slice(1));
  const asked = {};
  if (words.has("env")) asked.env = words.get("env");
  if (words.has("seed")) asked.seed = number(words.get("seed"));
  const repeats = words.getAll("repeat").map(number);
  const columns = words
    .getAll("run")
    .map((name, n) => ({ run: manifest.runs.indexOf(name), repeat: repeats[n] ?? 0 }))
    .filter(({ run }) => run >= 0);
  if (columns.length) asked.columns = columns;
  for (const by of ["step", "turn"]) {
    if (words.has(by)) Object.assign(asked, { by, position: number(words.get(by)) });
  }
  return asked;
}

function number(word) {
  const value = Number(word);
  return Number.isFinite(value) ? value : 0;
}
