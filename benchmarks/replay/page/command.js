// The commands of a memory, as agents write them.

/** A command's name, the file and key that it names, its text, and whether it writes. */
export function taken(command, operations) {
  const whole = /^<\|([A-Z_]+)\|>([^]*)<\|END\|>$/.exec(command);
  // What is no command stands there as it was written.
  if (!whole) return { name: command, where: [], what: "", writes: false };
  const [, name, told] = whole;
  const { fields, writes } = operations[name] ?? { fields: ["file", "text"], writes: true };
  const parts = told.split("|");
  const named = fields.filter((field) => field !== "text").length;
  return { name, where: parts.slice(0, named).filter(Boolean), what: parts.slice(named).join("|"), writes };
}

/** The names of the commands of a turn that wrote into a file, each once. */
export function writersOf(file, { block, record }, operations) {
  const done = record.commands.filter((command) => command.done).map(({ text }) => taken(block.string(text), operations));
  return [...new Set(done.filter(({ writes, where }) => writes && where[0] === file).map(({ name }) => name))];
}
