/** A code's definition: under the pointer, at focus, by a button, and by the key `o`. */
const WAIT = 350; // ms that the pointer must rest, so that passing by opens nothing
const EDGE = 8; // px between a definition and what is around it

let shown = null;
let pinned = false;
let timer = 0;

const definitionOf = (option) => option?.querySelector(".definition");

function open(option, pin) {
  const definition = definitionOf(option);
  if (!definition) return;
  if (shown !== definition) close();
  shown = definition;
  pinned = pin;
  definition.hidden = false;
  option.querySelector(".about").setAttribute("aria-expanded", "true");
  place(definition, option);
}

/** Beside its code, but below the answer where there is room: the two are read together. */
function place(definition, option) {
  const row = option.getBoundingClientRect();
  const answer = document.querySelector("#item .source").getBoundingClientRect();
  const lowest = window.innerHeight - definition.offsetHeight - EDGE;
  const top = Math.max(EDGE, Math.min(Math.max(row.top, answer.bottom) + EDGE, lowest));
  definition.style.top = `${top - row.top}px`;
  option.style.setProperty("--bridge", `${top - row.top}px`);
}

/** Hide the definition that is shown. @returns {boolean} whether one was */
export function close() {
  clearTimeout(timer);
  if (!shown) return false;
  shown.hidden = true;
  shown.closest(".option")?.querySelector(".about").setAttribute("aria-expanded", "false");
  shown = null;
  pinned = false;
  return true;
}

/**
 * Show a code's definition until it is hidden again, or hide it.
 * @param {HTMLInputElement} input
 * @returns {string} what it says, for screen readers; empty when it was hidden
 */
export function toggle(input) {
  const option = input.closest(".option");
  if (shown && shown === definitionOf(option) && pinned) {
    close();
    return "";
  }
  open(option, true);
  return shown?.innerText ?? "";
}

/** Listen on the whole page: items come and go. */
export function wireDefinitions() {
  const beside = matchMedia("(min-width: 62rem) and (hover: hover)");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || !beside.matches) return;
    const option = event.target.closest(".option");
    clearTimeout(timer);
    if (option && shown && definitionOf(option) === shown) return;
    timer = setTimeout(() => {
      if (option) open(option, false);
      else if (!pinned) close();
    }, option ? WAIT : WAIT / 2);
  });
  document.addEventListener("focusin", (event) => {
    const option = event.target.closest(".option");
    if (option && event.target.matches("input:focus-visible")) open(option, false);
    else if (shown && !pinned && !shown.contains(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".about");
    if (button) toggle(button.closest(".option").querySelector("input"));
  });
}
