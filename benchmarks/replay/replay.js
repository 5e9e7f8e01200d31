"use strict";
// All text is set through textContent: what a model wrote is shown, never interpreted.

const page = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const SPEEDS = [1, 2, 5, 10, 30, 60];
const KEYFRAME = 100;
// An answer of more lines or characters than this is folded: READ gives whole files.
const LONG = { lines: 4, chars: 300 };

// An episode, decoded on demand: states are kept at every KEYFRAMEth turn.
class Episode {
  constructor(data) {
    this.data = data;
    this.turns = data.turns;
    this.frames = [{ texts: lines(data.texts), files: lines(data.files), fresh: new Map() }];
    this.said = [];
    this.asked = this.turns.map((turn) => (turn.asked || []).map((call) => this.numbered(call)));
  }

  // A call whose texts are numbers: they are numbered in the order in which they appear.
  numbered(call) {
    const messages = call.messages.map(([who, text]) => [who, this.number(text)]);
    return { ...call, messages, ...("text" in call ? { text: this.number(call.text) } : {}) };
  }

  // The number of a text of a conversation: it is one already, or the text is new.
  number(written) {
    return typeof written === "number" ? written : this.said.push(written) - 1;
  }

  // A text of a conversation, which may be the difference to an earlier one, and so on.
  text(number) {
    const deltas = [];
    while (typeof this.said[number] !== "string") {
      deltas.push([number, this.said[number][1]]);
      number = this.said[number][0];
    }
    let text = this.said[number];
    for (const [at, delta] of deltas.reverse()) {
      text = decode(text.split("\n"), delta).join("\n");
      this.said[at] = text;
    }
    return text;
  }

  // The state after a turn; turn 0 is the start.
  state(turn) {
    let known = Math.min(Math.floor(turn / KEYFRAME), this.frames.length - 1);
    let state = this.frames[known];
    for (let n = known * KEYFRAME + 1; n <= turn; n++) {
      state = advance(state, this.turns[n - 1]);
      if (n % KEYFRAME === 0 && n / KEYFRAME === this.frames.length) this.frames.push(state);
    }
    return state;
  }
}

// Maps, not objects: a file may be called "constructor".
function lines(texts) {
  return new Map(Object.entries(texts).map(([name, text]) => [name, text.split("\n")]));
}

// A delta holds new lines, and runs [first, count] of old ones.
function decode(old, delta, fresh) {
  const lines = [];
  for (const part of delta) {
    if (typeof part === "string") {
      if (fresh) fresh.add(lines.length);
      lines.push(part);
    } else {
      for (let n = 0; n < part[1]; n++) lines.push(old[part[0] + n]);
    }
  }
  return lines;
}

function advance(state, turn) {
  const texts = new Map(state.texts);
  for (const [name, delta] of Object.entries(turn.texts || {})) {
    texts.set(name, decode(texts.get(name) || [""], delta));
  }
  const files = new Map(state.files);
  const fresh = new Map();
  for (const [name, delta] of Object.entries(turn.files || {})) {
    fresh.set(name, new Set());
    if (delta === null) files.delete(name);
    else files.set(name, decode(files.get(name) || [""], delta, fresh.get(name)));
  }
  return { texts, files, fresh };
}

let episode = null;
let turn = 0;
let timer = null;

function node(tag, kind, text) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text !== undefined) made.textContent = text;
  return made;
}

function number(value, digits) {
  return value === null || value === undefined ? "–" : Number(value.toFixed(digits)).toString();
}

function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

function percent(value) {
  return value === null || value === undefined ? "–" : `${number(100 * value, 1)}%`;
}

function show() {
  const state = episode.state(turn);
  const record = turn > 0 ? episode.turns[turn - 1] : null;
  const text = (name) => (state.texts.get(name) || []).join("\n");
  at("observation").textContent = text("observation");
  at("status").textContent = text("status");
  at("memory").textContent = text("memory");
  at("step").textContent = record ? `step ${record.step}` : "start";
  at("number").textContent = `${turn} of ${episode.turns.length}`;
  at("action").textContent = record ? record.action : episode.data.instructions;
  at("rest").hidden = !text("memory");
  showOutcome(record);
  showCommands(record ? record.commands || [] : []);
  showAsked(record ? episode.asked[turn - 1] : []);
  showFiles(state);
  at("scrub").value = turn;
  at("scrub").setAttribute("aria-valuetext", `turn ${turn}`);
  draw();
  history.replaceState(null, "", `#${page.episodes.indexOf(episode.data)}/${turn}`);
}

function showOutcome(record) {
  const chips = [];
  if (!record) {
    chips.push(node("span", "chip", "before the first turn: the instructions"));
  } else {
    const done = record.executed === null ? "memory only" : `executed: ${record.executed}`;
    chips.push(node("span", "chip", done));
    if (record.invalid !== null) chips.push(node("span", "chip bad", `invalid: ${record.invalid}`));
    if (record.reward) {
      const kind = record.reward > 0 ? "chip good" : "chip bad";
      chips.push(node("span", kind, `reward ${number(record.reward, 3)}`));
    }
    chips.push(node("span", "chip", `progression ${percent(record.progression)}`));
    for (const [name, detail] of record.events || []) {
      chips.push(node("span", "chip", detail ? `${name}: ${detail}` : name));
    }
    if (record.end) chips.push(node("span", "chip bad", `the end: ${record.end}`));
  }
  at("outcome").replaceChildren(...chips);
}

function showCommands(commands) {
  const shown = commands.map(([command, ok, result]) => {
    const box = node("div", ok ? "command" : "command refused");
    const [head, ...rest] = command.replace(/^<\|/, "").replace(/<\|END\|>$/, "").split("|>");
    box.append(node("b", "", head), node("pre", "", rest.join("|>")));
    box.append(answer(`${ok ? "" : "refused: "}${result}`));
    return box;
  });
  at("commands").replaceChildren(...shown);
}

function answer(text) {
  const pre = node("pre", "answer", text);
  const count = text.split("\n").length;
  if (count <= LONG.lines && text.length <= LONG.chars) return pre;
  const folded = node("details");
  const size = `${plural(count, "line")}, ${plural([...text].length, "char")}`;
  folded.append(node("summary", "", `answer: ${size}`), pre);
  return folded;
}

// Built when it is opened: a conversation is long, and most are never looked at.
function folded(title, build) {
  const box = node("details");
  box.append(node("summary", "", title));
  box.addEventListener("toggle", () => {
    if (box.open && box.children.length === 1) box.append(...build());
  });
  return box;
}

const SPEAKERS = { s: "system", u: "asked", a: "answered" };

function showAsked(calls) {
  const shown = calls.map((call) => {
    const [input, cached, , output] = call.usage || [];
    const took = call.usage
      ? `${plural(input, "token")} in (${cached.toLocaleString("en")} cached), ${output.toLocaleString("en")} out`
      : "the conversation did not fit";
    const stop = call.stop ? `, ${call.stop}` : "";
    return folded(`${call.role}${call.routine ? `, ${call.routine}` : ""}: ${took}${stop}`, () => {
      const said = call.messages.map(([who, text]) =>
        folded(SPEAKERS[who], () => [node("pre", "", episode.text(text))]));
      if ("text" in call) said.push(node("pre", "answer", episode.text(call.text)));
      return said;
    });
  });
  at("asked").replaceChildren(...shown);
}

function showFiles(state) {
  const boxes = [...at("files").querySelectorAll("pre")];
  const scrolled = new Map(boxes.map((pre) => [pre.dataset.file, pre.scrollTop]));
  const names = [...new Set([...state.files.keys(), ...state.fresh.keys()])].sort();
  let size = 0;
  const shown = names.map((name) => {
    const gone = !state.files.has(name);
    const fresh = state.fresh.get(name);
    const box = node("details", `file${fresh ? " changed" : ""}${gone ? " gone" : ""}`);
    box.open = true;
    const lines = gone ? [] : state.files.get(name);
    const last = lines.length - 1;
    const body = lines[last] === "" ? lines.slice(0, last) : lines;
    const chars = Math.max(0, lines.reduce((sum, line) => sum + [...line].length + 1, -1));
    size += gone ? 0 : chars;
    const summary = node("summary");
    const about = gone ? "deleted" : `${plural(body.length, "line")}, ${plural(chars, "char")}`;
    summary.append(node("b", "", name), node("span", "", about));
    const pre = node("pre");
    pre.dataset.file = name;
    pre.append(...body.map((line, n) => node("div", fresh && fresh.has(n) ? "new" : "", line)));
    box.append(summary, pre);
    return box;
  });
  at("files").replaceChildren(...(shown.length ? shown : [node("p", "note", "no files")]));
  at("size").textContent = 
    `${plural(state.files.size, "file")}, ${plural(size, "char")}`;
  for (const pre of at("files").querySelectorAll("pre")) {
    const fresh = pre.querySelector(".new");
    pre.scrollTop = fresh ? fresh.offsetTop - pre.offsetTop - 60 : scrolled.get(pre.dataset.file) || 0;
  }
}

function draw() {
  const canvas = at("timeline");
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`);
  const total = Math.max(1, episode.turns.length);
  const x = (n) => (n / total) * (width - 2) + 1;
  const y = (progression) => height - 10 - (progression || 0) * (height - 16);
  pen.fillStyle = colour("line");
  pen.fillRect(0, y(0), width, 1);
  const mark = (n, name, top, tall) => {
    pen.fillStyle = colour(name);
    pen.fillRect(x(n) - 0.75, top, 1.5, tall);
  };
  episode.turns.forEach((record, n) => {
    if (record.commands) mark(n + 1, "write", height - 7, 6);
    if (record.reward > 0) mark(n + 1, "gain", 2, 8);
    if (record.reward < 0) mark(n + 1, "loss", 2, 3);
  });
  pen.strokeStyle = colour("accent");
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(x(0), y(0));
  let last = 0;
  episode.turns.forEach((record, n) => {
    if (record.progression !== last) pen.lineTo(x(n + 1), y(last));
    last = record.progression;
    pen.lineTo(x(n + 1), y(last));
  });
  pen.stroke();
  pen.fillStyle = colour("ink");
  pen.fillRect(x(turn) - 1, 0, 2, height);
}

function seek(to) {
  turn = Math.max(0, Math.min(episode.turns.length, to));
  if (turn === episode.turns.length) stop();
  show();
}

function stop() {
  clearInterval(timer);
  timer = null;
  at("play").textContent = "play";
}

function play() {
  if (timer) return stop();
  if (turn === episode.turns.length) turn = 0;
  timer = setInterval(() => seek(turn + 1), 1000 / SPEEDS[at("speed").value]);
  at("play").textContent = "pause";
}

function nextCommand(direction) {
  for (let n = turn + direction; n >= 1 && n <= episode.turns.length; n += direction) {
    if (episode.turns[n - 1].commands) return seek(n);
  }
}

function open(index, to) {
  stop();
  episode = new Episode(page.episodes[index]);
  at("episodes").value = index;
  at("scrub").max = episode.turns.length;
  const facts = episode.data.facts.map((fact) => node("span", "chip", fact));
  if (episode.data.problem) facts.push(node("span", "chip bad", episode.data.problem));
  at("facts").replaceChildren(...facts);
  seek(to);
}

function turnEpisode(direction) {
  const count = page.episodes.length;
  open((page.episodes.indexOf(episode.data) + direction + count) % count, 0);
}

function switchTheme() {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset.theme || (dark ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  draw();
}

const KEYS = {
  " ": () => play(),
  ArrowLeft: (event) => seek(turn - (event.shiftKey ? 10 : 1)),
  ArrowRight: (event) => seek(turn + (event.shiftKey ? 10 : 1)),
  Home: () => seek(0),
  End: () => seek(episode.turns.length),
  m: () => nextCommand(1),
  M: () => nextCommand(-1),
  "[": () => turnEpisode(-1),
  "]": () => turnEpisode(1),
  t: () => switchTheme(),
};

// The keys that a focused element needs itself; all others are the page's.
const OWN_KEYS = {
  BUTTON: [" ", "Enter"],
  SUMMARY: [" ", "Enter"],
  SELECT: [" ", "Enter", "Home", "End"],
};

document.addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey;
  if (busy || (OWN_KEYS[event.target.tagName] || []).includes(event.key)) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act(event);
});
at("scrub").addEventListener("input", (event) => seek(Number(event.target.value)));
at("timeline").addEventListener("click", (event) => {
  const box = event.currentTarget.getBoundingClientRect();
  seek(Math.round(((event.clientX - box.left) / box.width) * episode.turns.length));
});
at("play").addEventListener("click", play);
at("back").addEventListener("click", () => seek(turn - 1));
at("forward").addEventListener("click", () => seek(turn + 1));
at("theme").addEventListener("click", switchTheme);
at("episodes").addEventListener("change", (event) => {
  open(Number(event.target.value), 0);
  event.target.blur();
});
at("speed").addEventListener("change", (event) => {
  if (timer) { stop(); play(); }
  event.target.blur();
});
window.addEventListener("resize", draw);

SPEEDS.forEach((speed, n) => {
  const option = node("option", "", `${speed}/s`);
  option.value = n;
  at("speed").append(option);
});
at("speed").value = 2;
page.episodes.forEach((data, n) => {
  const option = node("option", "", data.name);
  option.value = n;
  at("episodes").append(option);
});
if (page.episodes.length) {
  const [index, to] = location.hash.slice(1).split("/").map(Number);
  open(page.episodes[index] ? index : 0, to || 0);
} else {
  at("observation").textContent = "This run holds no recorded episode yet.";
}
