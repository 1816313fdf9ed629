/** Keys of the work page. What they do stands in the help dialog and in README. */
import { lettersOn } from "./letters.js";

/** Keys that are no letters; these always work. */
const KEYS = { Enter: "accept", ArrowRight: "next", ArrowLeft: "previous", Escape: "close" };

/** Single letters and signs; these can be switched off. */
const LETTERS = {
  d: "turn", D: "turn-back", t: "type", k: "write", s: "skip", z: "undo", y: "redo", g: "borders",
  h: "jump", f: "search", o: "explain", "?": "help",
};

const WRITING = "input:not([type=radio], [type=checkbox], [type=button]), textarea, select";

/**
 * Listen to keys.
 * @param {(action: string, number?: number) => void} act
 * @param {{border: (event: KeyboardEvent) => boolean, inBorders: () => boolean}} mode
 */
export function wireKeys(act, mode) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      if (event.key === "Enter" && event.target.id === "comment") {
        event.preventDefault();
        act("comment");
      }
      return;
    }
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.matches?.(WRITING)) {
      if (event.key === "Escape") act("stop-writing");
      return;
    }
    if (mode.inBorders()) {
      if (mode.border(event)) event.preventDefault();
      return;
    }
    const action = meaning(event);
    if (!action) return;
    event.preventDefault();
    act(action, Number(event.key));
  });
}

/** @param {KeyboardEvent} event @returns {string|undefined} */
function meaning(event) {
  const target = event.target;
  if (event.key === "Enter") {
    // A key held down must not accept one statement after the other.
    if (event.repeat || target.closest?.("button, a, summary")) return undefined;
  }
  const arrow = event.key.startsWith("Arrow");
  if (arrow && (event.shiftKey || target.matches?.("input[type=radio]"))) return undefined;
  if (KEYS[event.key]) return KEYS[event.key];
  if (!lettersOn()) return undefined;
  if (/^[1-9]$/.test(event.key)) return "number";
  return LETTERS[event.key];
}
