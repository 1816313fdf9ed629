/** How long the statement in hand has been open and visible. */
let since = performance.now();
let before = 0;

/** Start over: another statement has been shown. */
export function restart() {
  before = 0;
  since = performance.now();
}

/** @returns {number} seconds, with one decimal */
export function seconds() {
  const now = document.hidden ? 0 : performance.now() - since;
  return Math.round((before + now) / 100) / 10;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) before += performance.now() - since;
  else since = performance.now();
});
