/** Whether single letters and digits are keys (WCAG 2.1.4: they can be switched off). */
const KEY = "textmine.letters";

/** @returns {boolean} */
export function lettersOn() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true; // no storage in this browser: the switch holds for nobody, the keys still work
  }
}

/** @param {HTMLInputElement} box the switch in the help dialog */
export function wireSwitch(box) {
  box.checked = lettersOn();
  box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "on" : "off"));
}
