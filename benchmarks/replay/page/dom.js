// All text is set as text: what a model wrote is shown, never interpreted.

export function at(id) {
  return document.getElementById(id);
}

/** Makes an element. `content` is a text, an element, or a list of both. */
export function make(tag, kind = "", content = [], attributes = {}) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
}

export function button(label, act, { kind = "", title = "" } = {}) {
  const made = make("button", kind, label, { type: "button" });
  if (title) {
    made.title = title;
    made.setAttribute("aria-label", title);
  }
  made.addEventListener("click", act);
  return made;
}

/** Fills a select with pairs of value and label, and keeps what was chosen where it still can be. */
export function fill(select, pairs, chosen) {
  select.replaceChildren(
    ...pairs.map(([value, label]) => {
      const option = make("option", "", label);
      option.value = value;
      return option;
    }),
  );
  select.value = chosen;
}

/** A box that opens; what is in it is made when it is opened, as most are never looked at. */
export function fold(title, build, kind = "") {
  const box = make("details", kind, make("summary", "", title));
  box.addEventListener("toggle", () => {
    if (box.open && box.children.length === 1) box.append(...[build()].flat());
  });
  return box;
}

/** Whether a text would be too much to show unasked. */
export function isLong(text) {
  return text.length > 320 || text.split("\n").length > 6;
}
