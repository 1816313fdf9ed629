/** What screen readers are told, besides what they read themselves. */

/**
 * Say something politely. The same words twice are said twice.
 * @param {string} text
 */
export function say(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}
