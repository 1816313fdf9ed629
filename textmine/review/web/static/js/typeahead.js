/** The field where a code's name is typed: a combobox over all codes that can be chosen. */
import { choices, pick } from "./codes.js";

let found = [];
let at = 0;

const field = () => document.getElementById("type-code");
const list = () => document.getElementById("type-list");
const folded = (text) => text.toLocaleLowerCase("sv").normalize("NFC");

/** How well a name fits what was typed: 0 begins with it, 1 a word does, 2 contains it. */
function fit(name, typed) {
  const where = folded(name);
  if (where.startsWith(typed)) return 0;
  if (where.split(/[\s,–-]+/u).some((word) => word.startsWith(typed))) return 1;
  return where.includes(typed) ? 2 : Infinity;
}

function search() {
  const typed = folded(field().value.trim());
  found = choices()
    .map((choice) => ({ ...choice, fit: fit(choice.name, typed) }))
    .filter((choice) => choice.fit < Infinity)
    .sort((one, other) => one.fit - other.fit);
  at = 0;
  draw();
}

function draw() {
  const options = found.map((choice, index) => {
    const option = document.createElement("li");
    option.id = `type-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(index === at));
    const dimension = document.createElement("span");
    dimension.className = "hint";
    dimension.textContent = choice.dimension;
    option.append(choice.name, " ", dimension);
    return option;
  });
  list().replaceChildren(...options);
  list().hidden = !found.length;
  field().setAttribute("aria-expanded", String(found.length > 0));
  if (found.length) field().setAttribute("aria-activedescendant", `type-${at}`);
  else field().removeAttribute("aria-activedescendant");
  options[at]?.scrollIntoView({ block: "nearest" });
}

function leave() {
  field().value = "";
  found = [];
  draw();
  document.getElementById("item-title").focus({ preventScroll: true });
}

function take(index) {
  const choice = found[index];
  if (!choice) return;
  leave();
  pick(choice.input);
}

/** Begin to type a code. */
export function beginTyping() {
  field()?.focus();
}

/** Listen on the whole page: items come and go. */
export function wireTyping() {
  document.addEventListener("input", (event) => {
    if (event.target === field()) search();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target === field() && !found.length) search();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target !== field()) return;
    found = [];
    draw();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== field() || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
      draw();
    } else if (event.key === "Enter") take(at);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Pressing must not take the focus from the field before the choice is made.
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.("#type-list")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("#type-list li");
    if (option) take(Number(option.id.slice("type-".length)));
  });
}
