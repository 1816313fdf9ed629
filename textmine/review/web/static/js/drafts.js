/**
 * What has been changed and not saved, one draft a statement.
 *
 * Drafts survive leafing, and also leaving the page for another one of ours (sessionStorage: this
 * tab only, gone when the tab is closed).
 */
const STORE = "textmine.drafts";

/** @type {Map<string, object>} */
const drafts = new Map(read());

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

function write() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify([...drafts]));
  } catch {
    // Storage is full or forbidden: the drafts still live as long as the page does.
  }
}

/**
 * Name a statement among drafts; a blind coding is another one than an open coding.
 * @param {HTMLFormElement} form
 */
export function draftKey(form) {
  const { passage, start, end } = form.elements;
  return [form.getAttribute("action"), passage.value, start.value, end.value].join(" ");
}

/** @param {string} key @param {object} draft */
export function keepDraft(key, draft) {
  drafts.set(key, draft);
  write();
}

/** @param {string} key */
export function dropDraft(key) {
  if (drafts.delete(key)) write();
}

/** @param {string} key @returns {object|undefined} */
export function draftOf(key) {
  return drafts.get(key);
}
