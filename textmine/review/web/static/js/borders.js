/**
 * Borders of an answer's statements, as pure functions.
 *
 * Offsets count code points, as Python does: an emoji is one, although it is two units of a
 * JavaScript string. A span is [start, end), and spans are ordered and never overlap.
 *
 * @typedef {[number, number]} Span
 * @typedef {{start: number, end: number}} Word
 */

const TRAILING = new Set([",", ";", ":"]);
const BULLETS = new Set(["-", "–", "—", "•", "*", "·", "▪", "◦"]);

/**
 * Words of a text: runs without blanks, less what belongs to no statement at their ends.
 * @param {string[]} points the text's code points
 * @returns {Word[]}
 */
export function wordsOf(points) {
  const words = [];
  for (let at = 0; at < points.length; ) {
    if (/\s/u.test(points[at])) {
      at += 1;
      continue;
    }
    let end = at;
    while (end < points.length && !/\s/u.test(points[end])) end += 1;
    let last = end;
    while (last > at && TRAILING.has(points[last - 1])) last -= 1;
    const bullet = last - at === 1 && BULLETS.has(points[at]);
    if (last > at && !bullet) words.push({ start: at, end: last });
    at = end;
  }
  return words;
}

const holds = (words, [start, end]) => words.some((word) => word.start < end && word.end > start);

/** Replace some spans; null when a span would be empty or hold no word. */
function replaced(spans, words, from, count, ...fresh) {
  const next = [...spans.slice(0, from), ...fresh, ...spans.slice(from + count)];
  return fresh.every((span) => span[0] < span[1] && holds(words, span)) ? next : null;
}

/**
 * Move a span's end to a place; a neighbour in the way gives room.
 * @param {Span[]} spans @param {Word[]} words @param {number} index @param {number} end
 * @returns {Span[]|null} null where some statement would have no words left
 */
export function endAt(spans, words, index, end) {
  const here = [spans[index][0], end];
  const after = spans[index + 1];
  if (!after || end <= after[0]) return replaced(spans, words, index, 1, here);
  const word = words.find((one) => one.start >= end);
  if (!word) return null;
  return replaced(spans, words, index, 2, here, [word.start, after[1]]);
}

/**
 * Move a span's start to a place; a neighbour in the way gives room.
 * @param {Span[]} spans @param {Word[]} words @param {number} index @param {number} start
 * @returns {Span[]|null}
 */
export function startAt(spans, words, index, start) {
  const here = [start, spans[index][1]];
  const before = spans[index - 1];
  if (!before || start >= before[1]) return replaced(spans, words, index, 1, here);
  const word = words.findLast((one) => one.end <= start);
  if (!word) return null;
  return replaced(spans, words, index - 1, 2, [before[0], word.end], here);
}

/**
 * Move a span's end by a word.
 * @param {Span[]} spans @param {Word[]} words @param {number} index @param {1|-1} direction
 * @returns {Span[]|null}
 */
export function moveEnd(spans, words, index, direction) {
  const [, end] = spans[index];
  const word =
    direction > 0
      ? words.find((one) => one.end > end)
      : words.findLast((one) => one.end < end);
  return word ? endAt(spans, words, index, word.end) : null;
}

/**
 * Move a span's start by a word.
 * @param {Span[]} spans @param {Word[]} words @param {number} index @param {1|-1} direction
 * @returns {Span[]|null}
 */
export function moveStart(spans, words, index, direction) {
  const [start] = spans[index];
  const word =
    direction > 0
      ? words.find((one) => one.start > start)
      : words.findLast((one) => one.start < start);
  return word ? startAt(spans, words, index, word.start) : null;
}

/**
 * Split a span before a word.
 * @param {Span[]} spans @param {Word[]} words @param {number} index @param {Word} word
 * @returns {Span[]|null}
 */
export function split(spans, words, index, word) {
  const [start, end] = spans[index];
  const last = words.findLast((one) => one.end <= word.start && one.end > start);
  if (!last || word.start >= end) return null;
  return replaced(spans, words, index, 1, [start, last.end], [word.start, end]);
}

/**
 * Merge a span with the next one.
 * @param {Span[]} spans @param {Word[]} words @param {number} index
 * @returns {Span[]|null}
 */
export function merge(spans, words, index) {
  if (index < 0 || index + 1 >= spans.length) return null;
  return replaced(spans, words, index, 2, [spans[index][0], spans[index + 1][1]]);
}
