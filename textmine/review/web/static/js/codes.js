/** The form of codes: which dimensions apply, which one is active, what is chosen. */
import { say } from "./speech.js";

/** @returns {HTMLFormElement|null} */
export const form = () => document.getElementById("coding");

/** @returns {HTMLFieldSetElement[]} */
const dimensions = () => [...(form()?.querySelectorAll(".dimension") ?? [])];
const inputs = (dimension) => [...dimension.querySelectorAll("input")];
const isMultiple = (dimension) => "multiple" in dimension.dataset;
const nameOf = (input) => input.closest(".option").querySelector(".name").textContent;

/** What is chosen in each dimension that applies; others are empty. */
export function chosen() {
  return Object.fromEntries(
    dimensions().map((dimension) => [
      dimension.dataset.dimension,
      dimension.disabled ? [] : inputs(dimension).filter((i) => i.checked).map((i) => i.value),
    ]),
  );
}

/** What the form sends: one field a dimension at least, empty where there is no code. */
export function fields() {
  return Object.fromEntries(
    Object.entries(chosen()).map(([key, codes]) => [`code.${key}`, codes.length ? codes : [""]]),
  );
}

/** @param {Record<string, string[]>} codes what to choose, by dimension */
export function choose(codes) {
  for (const dimension of dimensions()) {
    const wanted = codes[dimension.dataset.dimension] ?? [];
    for (const input of inputs(dimension)) input.checked = wanted.includes(input.value);
  }
  update();
}

/** Open the dimensions that apply to what is chosen above them, and close the others. */
export function update() {
  const now = {};
  for (const dimension of dimensions()) {
    const when = Object.entries(JSON.parse(dimension.dataset.when));
    const unmet = when.find(([other, codes]) => !codes.some((code) => now[other]?.includes(code)));
    const opened = dimension.disabled && !unmet;
    dimension.disabled = Boolean(unmet);
    const note = dimension.querySelector(".not-here");
    note.hidden = !unmet;
    if (unmet) note.textContent = reasonOf(unmet[0], unmet[1], now[unmet[0]]);
    const own = inputs(dimension);
    if (opened && !isMultiple(dimension) && !own.some((input) => input.checked)) {
      const proposed = own.find((input) => "proposed" in input.dataset);
      if (proposed) proposed.checked = true;
    }
    now[dimension.dataset.dimension] = unmet
      ? []
      : own.filter((input) => input.checked).map((input) => input.value);
  }
  if (!active() || active().disabled) activate(applying()[0]);
}

/** Why a dimension does not apply: what it asks of another one. */
function reasonOf(key, codes, given) {
  const other = dimensions().find((one) => one.dataset.dimension === key);
  if (!other) return "gäller inte här";
  if (!given?.length) return `välj först ${other.dataset.name.toLowerCase()}`;
  const names = inputs(other).filter((i) => codes.includes(i.value)).map(nameOf);
  const rest = inputs(other).filter((i) => !codes.includes(i.value)).map(nameOf);
  const text = rest.length < names.length ? `inte ${rest.join(", ")}` : `bara ${names.join(", ")}`;
  return `gäller ${text.toLowerCase()}`;
}

const applying = () => dimensions().filter((dimension) => !dimension.disabled);

/** @returns {HTMLFieldSetElement|undefined} the dimension that digits go to */
export function active() {
  return dimensions().find((dimension) => "active" in dimension.dataset);
}

/** @param {HTMLFieldSetElement|undefined} dimension */
export function activate(dimension) {
  for (const one of dimensions()) delete one.dataset.active;
  if (dimension) dimension.dataset.active = "";
}

/** Describe the active dimension to those who cannot see it. */
function describe(dimension) {
  const names = inputs(dimension).filter((input) => input.checked).map(nameOf);
  return `${dimension.dataset.name}: ${names.join(", ") || "inget valt"}`;
}

/** @param {1|-1} direction go to the next or the previous dimension that applies */
export function turn(direction) {
  const all = applying();
  if (!all.length) return;
  activate(all[(all.indexOf(active()) + direction + all.length) % all.length]);
  active().scrollIntoView({ block: "nearest" });
  say(describe(active()));
}

/** @param {number} number choose a code of the active dimension by its number */
export function pickNumber(number) {
  const input = active()?.querySelector(`input[data-number="${number}"]`);
  if (input) pick(input);
  else say(`Ingen kod ${number} här`);
}

/** @param {HTMLInputElement} input choose it as a key does, and go on to the next dimension */
export function pick(input) {
  const dimension = input.closest(".dimension");
  activate(dimension);
  input.checked = isMultiple(dimension) ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  let text = `${nameOf(input)} ${input.checked ? "vald" : "bortvald"}.`;
  if (!isMultiple(dimension)) {
    const next = applying()[applying().indexOf(dimension) + 1];
    if (next) {
      activate(next);
      text += ` ${describe(next)}`;
    }
  }
  active().scrollIntoView({ block: "nearest" });
  say(text);
}

/** All codes that can be chosen now, for the field where their names are typed. */
export function choices() {
  return applying().flatMap((dimension) =>
    inputs(dimension).map((input) => ({
      input,
      name: nameOf(input),
      dimension: dimension.dataset.name,
    })),
  );
}

/** @returns {HTMLInputElement|undefined} the code that `o` explains: focused, chosen, or first */
export function activeCode() {
  const focused = document.activeElement?.closest?.(".option")?.querySelector("input");
  if (focused) return focused;
  const own = active() ? inputs(active()) : [];
  return own.find((input) => input.checked) ?? own[0];
}

/** @returns {HTMLFieldSetElement|undefined} the first dimension that still needs a code */
export function missing() {
  return applying().find(
    (dimension) =>
      !isMultiple(dimension) &&
      inputs(dimension).length &&
      !inputs(dimension).some((input) => input.checked),
  );
}
