/** Border mode: the whole answer in hand, its statements as coloured spans that can be changed. */
import * as borders from "./borders.js";
import { drawText, offsetsAt } from "./border_text.js";
import { draftOf, dropDraft, keepDraft } from "./drafts.js";
import { lettersOn } from "./letters.js";
import { post } from "./requests.js";
import { say } from "./speech.js";

/** Buttons: what they do, what they are called, and their key. */
const TOOLS = [
  ["start-back", "Början bakåt", "⇧ ←"],
  ["start-on", "Början framåt", "⇧ →"],
  ["end-back", "Slutet bakåt", "←"],
  ["end-on", "Slutet framåt", "→"],
  ["cursor-back", "Markören bakåt", "↑"],
  ["cursor-on", "Markören framåt", "↓"],
  ["merge-back", "Ihop med förra", "⇧ M"],
  ["merge-on", "Ihop med nästa", "M"],
  ["split", "Dela vid markören", "D"],
  ["undo", "Ångra", "Z"],
  ["redo", "Gör om", "Y"],
  ["leave", "Avbryt", "Esc"],
  ["save", "Spara gränserna", "Enter"],
];
const KEYS = {
  ArrowLeft: "end-back", ArrowRight: "end-on", ArrowUp: "cursor-back", ArrowDown: "cursor-on",
  Enter: "save", Escape: "leave",
};
const SHIFTED = { ArrowLeft: "start-back", ArrowRight: "start-on" };
const LETTERS = { d: "split", m: "merge-on", M: "merge-back", z: "undo", y: "redo", g: "leave" };

/** @type {null | object} the state of the mode while it is on */
let mode = null;

/** @returns {boolean} */
export const inBorders = () => mode !== null;

const section = () => document.getElementById("borders");
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Begin to correct the borders of the answer in hand. */
export function enterBorders() {
  const answer = document.getElementById("answer");
  if (!answer || mode) return;
  const pieces = JSON.parse(answer.dataset.pieces);
  const points = Array.from(pieces.map((piece) => piece.text).join(""));
  const saved = pieces.filter((piece) => piece.kind !== "between").map((p) => [p.start, p.end]);
  const { passage, version } = document.getElementById("coding").elements;
  const key = `borders ${passage.value} ${version.value}`;
  const words = borders.wordsOf(points);
  const [start] = pieces.filter((piece) => piece.kind === "this").map((piece) => piece.start);
  const cursor = Math.max(0, words.findIndex((word) => word.end > start));
  mode = { points, words, saved, key, cursor, spans: draftOf(key) ?? saved, before: [], after: [] };
  section().replaceChildren(...frame());
  section().hidden = false;
  answer.closest(".source").hidden = true;
  setRestInert(true);
  draw();
  section().querySelector("h2").focus({ preventScroll: true });
  say(`Gränser. ${describe()}`);
}

/** While borders are changed nothing else can be: it would lead away from them. */
function setRestInert(inert) {
  document.getElementById("coding").inert = inert;
  for (const part of document.querySelectorAll("#item .history, #item .leaf")) part.inert = inert;
}

/** Forget the mode: another item has been shown. */
export function forgetBorders() {
  mode = null;
}

function frame() {
  const title = document.createElement("h2");
  title.id = "borders-title";
  title.tabIndex = -1;
  title.textContent = "Gränser";
  const text = document.createElement("div");
  text.className = "borders-text";
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", "Svaret med sina utsagor");
  text.tabIndex = 0;
  wireText(text);
  const note = document.createElement("p");
  note.className = "borders-note";
  const tools = document.createElement("div");
  tools.className = "borders-tools";
  for (const [tool, name, key] of TOOLS) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.tool = tool;
    if (tool === "save") button.className = "primary";
    const keyName = document.createElement("kbd");
    keyName.setAttribute("aria-hidden", "true");
    keyName.textContent = key;
    button.append(name, keyName);
    button.addEventListener("click", () => use(tool));
    tools.append(button);
  }
  return [title, text, note, tools];
}

/** Which statement is in hand: the one that the cursor stands in, or the nearest before it. */
function inHand() {
  const word = mode.words[mode.cursor];
  const at = mode.spans.findLastIndex(([start]) => start < word.end);
  return Math.max(0, at);
}

function describe() {
  const [start, end] = mode.spans[inHand()];
  const text = mode.points.slice(start, end).join("");
  return `Utsaga ${inHand() + 1} av ${mode.spans.length}: ${text}`;
}

function draw(text = "") {
  const cursor = mode.words[mode.cursor];
  drawText(section().querySelector(".borders-text"), { ...mode, hand: inHand(), cursor });
  const [title, note] = [section().querySelector("h2"), section().querySelector(".borders-note")];
  title.textContent = `Gränser: utsaga ${inHand() + 1} av ${mode.spans.length}`;
  note.textContent = text || "Dra i handtagen, eller klicka mellan två ord för att dela där.";
}

/** Take new spans, if the change was possible. */
function change(spans, refusal, follow = true) {
  if (!spans) {
    draw(refusal);
    say(refusal);
    return;
  }
  if (same(spans, mode.spans)) return;
  mode.before.push([mode.spans, mode.cursor]);
  mode.after = [];
  const hand = inHand();
  mode.spans = spans;
  if (follow) keepInHand(hand);
  show();
}

/** Show the spans, keep them until they are saved, and say where the cursor stands. */
function show() {
  const { spans } = mode;
  if (same(spans, mode.saved)) dropDraft(mode.key);
  else keepDraft(mode.key, spans);
  draw();
  say(describe());
}

/** Let the cursor follow when the border has passed it. */
function keepInHand(hand) {
  const span = mode.spans[hand];
  const inside = ({ start, end }) => start < span[1] && end > span[0];
  if (inside(mode.words[mode.cursor])) return;
  const first = mode.words.findIndex(inside);
  const last = mode.words.findLastIndex(inside);
  mode.cursor = mode.cursor < first ? first : last;
}

/** Go back or forth among the changes made since the mode began. */
function travel(from, to, refusal) {
  const found = from.pop();
  if (!found) {
    say(refusal);
    return;
  }
  to.push([mode.spans, mode.cursor]);
  [mode.spans, mode.cursor] = found;
  show();
}

function moveCursor(direction) {
  const at = mode.cursor + direction;
  if (at < 0 || at >= mode.words.length) return;
  const before = inHand();
  mode.cursor = at;
  draw();
  const { start, end } = mode.words[at];
  say(inHand() === before ? mode.points.slice(start, end).join("") : describe());
}

const EMPTY = "Det går inte längre: en utsaga skulle bli tom. Slå ihop den i stället.";
const FIRST = "Utsagan börjar redan här. Flytta markören till ordet där den nya ska börja.";
const LAST = "Det finns ingen utsaga att slå ihop med där.";

function use(tool) {
  const { spans, words } = mode;
  const hand = inHand();
  const word = words[mode.cursor];
  const tools = {
    "end-back": () => change(borders.moveEnd(spans, words, hand, -1), EMPTY),
    "end-on": () => change(borders.moveEnd(spans, words, hand, 1), EMPTY),
    "start-back": () => change(borders.moveStart(spans, words, hand, -1), EMPTY),
    "start-on": () => change(borders.moveStart(spans, words, hand, 1), EMPTY),
    "cursor-back": () => moveCursor(-1),
    "cursor-on": () => moveCursor(1),
    split: () => change(borders.split(spans, words, hand, word), FIRST, false),
    "merge-on": () => change(borders.merge(spans, words, hand), LAST, false),
    "merge-back": () => change(borders.merge(spans, words, hand - 1), LAST, false),
    undo: () => travel(mode.before, mode.after, "Inget att ångra"),
    redo: () => travel(mode.after, mode.before, "Inget att göra om"),
    leave,
    save,
  };
  tools[tool]();
}

function leave() {
  const kept = !same(mode.spans, mode.saved);
  mode = null;
  section().hidden = true;
  document.getElementById("answer").closest(".source").hidden = false;
  setRestInert(false);
  document.getElementById("item-title").focus({ preventScroll: true });
  say(kept ? "Gränserna är inte sparade. Dina ändringar ligger kvar om du går tillbaka." : "");
}

function save() {
  if (same(mode.spans, mode.saved)) leave();
  else {
    mode.sent = true;
    post("/borders", { spans: JSON.stringify(mode.spans) });
  }
}

/** @returns {string|undefined} the draft that the answer to a save makes needless */
export const sentBorders = () => (mode?.sent ? mode.key : undefined);

/**
 * A key while the mode is on. @param {KeyboardEvent} event
 * @returns {boolean} whether it meant something
 */
export function borderKey(event) {
  const onButton = event.target.closest?.("button, a, summary");
  if (event.key === "Enter" && onButton) return false;
  const letter = lettersOn() ? LETTERS[event.key] : undefined;
  const tool = (event.shiftKey && SHIFTED[event.key]) || KEYS[event.key] || letter;
  if (!tool || ((tool === "save" || tool === "leave") && event.repeat)) return false;
  use(tool);
  return true;
}

/** The mouse and the finger: drag the handles, point at words, click between them to split. */
function wireText(text) {
  let dragged = null;
  let dropped = false; // a click comes right after a handle is let go, and means nothing
  text.addEventListener("pointerdown", (event) => {
    dragged = event.target.closest(".handle")?.dataset.handle ?? null;
    dropped = dragged !== null;
    if (!dragged) return;
    event.preventDefault();
    text.setPointerCapture(event.pointerId);
    text.classList.add("dragging");
  });
  text.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const at = offsetsAt(event.clientX, event.clientY, mode.words)?.[dragged];
    if (at === undefined) return;
    const move = dragged === "end" ? borders.endAt : borders.startAt;
    const moved = move(mode.spans, mode.words, inHand(), at);
    if (moved) change(moved, EMPTY);
  });
  text.addEventListener("lostpointercapture", () => {
    dragged = null;
    text.classList.remove("dragging");
  });
  text.addEventListener("click", (event) => {
    const segment = event.target.closest(".seg");
    if (dropped || !segment) return;
    const from = Number(segment.dataset.from);
    const at = mode.words.findIndex((word) => word.end > from);
    if (at < 0) return;
    const hand = inHand();
    const splits = segment.classList.contains("gap") && segment.classList.contains("hand");
    mode.cursor = at;
    if (splits && inHand() === hand) use("split");
    else draw();
  });
}
