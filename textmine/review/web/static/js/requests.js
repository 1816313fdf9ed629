/** Requests for the next item: one at a time, each with an id of its own, safe to send again. */
import { seconds } from "./clock.js";

/** @type {null | {verb: string, path: string, values: object}} */
let pending = null;
let failed = false;

/** @returns {boolean} whether an answer is awaited, or a failed request waits to be sent again */
export function busy() {
  return pending !== null;
}

/** @returns {boolean} */
export function hasFailed() {
  return failed;
}

/**
 * A random UUID; crypto.randomUUID is missing where the page came over plain HTTP from elsewhere.
 * @returns {string}
 */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, hex);
}

/** Where the coder is: the queue and what it is narrowed to. */
function place() {
  const { queue = "", area = "", code = "", respondent = "" } =
    document.getElementById("place").dataset;
  return { queue, area, code, respondent };
}

/** Which statement is in hand, if one is. */
function statement() {
  const form = document.getElementById("coding");
  if (!form) return {};
  const { passage, version, start, end } = form.elements;
  return { passage: passage.value, version: version.value, start: start.value, end: end.value };
}

/**
 * Do something with the statement in hand.
 * @param {string} path
 * @param {object} [values]
 */
export function post(path, values = {}) {
  const all = { ...statement(), ...place(), ...values, request: freshId(), seconds: seconds() };
  if (!busy()) send({ verb: "POST", path, values: all });
}

/**
 * Show an item.
 * @param {string} path with its own query, or with `values`
 * @param {object} [values]
 */
export function show(path, values) {
  const { passage = "", start = "" } = statement();
  const all = values ? { passage, start, ...place(), ...values } : {};
  if (!busy()) send({ verb: "GET", path, values: all });
}

/** Send the failed request again, with the id that it had. */
export function retry() {
  if (failed) send(pending);
}

function send(request) {
  pending = request;
  failed = false;
  const answered = window.htmx.ajax(request.verb, request.path, {
    source: document.body,
    target: "#item",
    swap: "outerHTML",
    select: "#item",
    values: request.values,
  });
  answered.catch(() => {}); // what failed is told by events, see onFailure
}

/** The answer has come and is shown. */
export function settled() {
  pending = null;
  failed = false;
}

/**
 * Say what went wrong, in Swedish.
 * @param {(text: string) => void} lost nobody knows whether the request was carried out
 * @param {(text: string) => void} refused it was not carried out
 */
export function onFailure(lost, refused) {
  const safe = "Inget är förlorat: det du valde står kvar.";
  const fail = (text) => {
    if (!pending) return;
    failed = true;
    lost(`${text} ${safe}`);
  };
  const body = document.body;
  for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:sendAbort"]) {
    body.addEventListener(kind, () => fail("Ingen kontakt med textmine."));
  }
  body.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    if (status >= 500) {
      fail("Något gick fel i textmine.");
      return;
    }
    settled();
    if (status === 401 || status === 403) refused(`Ladda om sidan och logga in igen. ${safe}`);
    else if (status === 404) refused("Det finns ingen sådan utsaga.");
    else refused(`Textmine tog inte emot det (fel ${status}). ${safe}`);
  });
}
