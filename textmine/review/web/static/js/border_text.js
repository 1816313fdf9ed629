/** How border mode shows an answer: words, gaps between them, statements, handles. */

/** Cut an answer where a word or a statement begins or ends. */
function cuts({ points, words, spans }) {
  const all = new Set([0, points.length]);
  for (const { start, end } of words) all.add(start).add(end);
  for (const [start, end] of spans) all.add(start).add(end);
  return [...all].sort((one, other) => one - other);
}

function handle(which) {
  const mark = document.createElement("span");
  mark.className = "handle";
  mark.dataset.handle = which;
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

/**
 * Show the answer with its statements.
 * @param {HTMLElement} box
 * @param {{points: string[], words: object[], spans: number[][], hand: number, cursor: object}} state
 */
export function drawText(box, state) {
  const { points, words, spans, hand, cursor } = state;
  const shown = document.createDocumentFragment();
  const places = cuts(state);
  let wordAt = 0;
  let cursorElement = null;
  for (let at = 0; at + 1 < places.length; at += 1) {
    const [from, to] = [places[at], places[at + 1]];
    while (words[wordAt]?.end <= from) wordAt += 1;
    const isWord = words[wordAt]?.start <= from;
    const index = spans.findIndex(([start, end]) => start <= from && to <= end);
    if (index >= 0 && spans[index][0] === from) {
      const number = document.createElement("span");
      number.className = "seg-number";
      number.textContent = index + 1;
      number.setAttribute("aria-hidden", "true");
      shown.append(number);
      if (index === hand) shown.append(handle("start"));
    }
    const segment = document.createElement("span");
    segment.className = "seg";
    segment.classList.toggle("gap", !isWord);
    segment.classList.toggle("in", index >= 0);
    segment.classList.toggle("odd", index % 2 === 1);
    segment.classList.toggle("hand", index === hand);
    if (isWord && words[wordAt] === cursor) {
      segment.classList.add("cursor");
      cursorElement ??= segment;
    }
    segment.dataset.from = from;
    segment.dataset.to = to;
    segment.textContent = points.slice(from, to).join("");
    shown.append(segment);
    if (index === hand && spans[index][1] === to) shown.append(handle("end"));
  }
  box.replaceChildren(shown);
  cursorElement?.scrollIntoView({ block: "nearest" });
}

/**
 * Where a statement would begin and end at a point of the window.
 * @param {number} x @param {number} y @param {object[]} words
 * @returns {{start: number|undefined, end: number|undefined}|null}
 */
export function offsetsAt(x, y, words) {
  const segment = document.elementFromPoint(x, y)?.closest(".borders-text .seg");
  if (!segment) return null;
  const from = Number(segment.dataset.from);
  const word = words.find(({ start, end }) => start <= from && from < end);
  if (word) return word;
  const start = words.find((one) => one.start > from)?.start;
  return { start, end: words.findLast((one) => one.end <= from)?.end };
}
