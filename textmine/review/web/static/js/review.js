/** The work page: what keys and buttons do to the statement in hand. */
import { borderKey, enterBorders, forgetBorders, inBorders, sentBorders } from "./border_mode.js";
import { restart } from "./clock.js";
import * as codes from "./codes.js";
import * as definitions from "./definitions.js";
import { draftKey, draftOf, dropDraft, keepDraft } from "./drafts.js";
import { wireKeys } from "./keys.js";
import { wireSwitch } from "./letters.js";
import * as requests from "./requests.js";
import { say } from "./speech.js";
import { beginTyping, wireTyping } from "./typeahead.js";

/** What the form held when the item came, as text, to see whether it has been changed. */
let asCame = "";
/** The draft that is saved once the request under way has been answered. */
let done = null;

const byId = (id) => document.getElementById(id);
const comment = () => byId("comment");
const content = () => ({ codes: codes.chosen(), comment: comment().value });
const changed = () => codes.form() !== null && JSON.stringify(content()) !== asCame;

/** Keep what has been changed in the form, wherever the coder goes next. */
function keep() {
  if (!codes.form()) return;
  if (changed()) keepDraft(draftKey(codes.form()), content());
  else dropDraft(draftKey(codes.form()));
}

/** Say and show something about the statement in hand, without asking the server. */
function notice(text, kind = "error") {
  let line = document.querySelector("#item .message:not(.draft)");
  if (!line) {
    line = document.createElement("p");
    document.querySelector("#item .item-head")?.after(line);
  }
  line.className = `message ${kind}`;
  line.textContent = text;
  say(text);
}

function accept(more = {}) {
  const form = codes.form();
  if (!form || requests.busy()) return;
  if ("conflict" in form.dataset && !more.replace) {
    notice("Välj först vems kodning som ska gälla.", "conflict");
    return;
  }
  const lacking = codes.missing();
  if (lacking) {
    codes.activate(lacking);
    lacking.scrollIntoView({ block: "nearest" });
    notice(`Välj kod i ${lacking.dataset.name} först.`);
    return;
  }
  // Kept even if unchanged: should somebody else have been first, this is what I said.
  done = draftKey(form);
  keepDraft(done, content());
  definitions.close();
  const written = { comment: comment().value };
  requests.post(form.getAttribute("action"), { ...codes.fields(), ...written, ...more });
}

/** Send a request that shows another item; what is unsaved here is kept. */
function leaveWith(send) {
  if (requests.busy()) return;
  keep();
  definitions.close();
  send();
}

function saveComment() {
  if (requests.busy() || !codes.form()) return;
  keep();
  requests.post("/comment", { comment: comment().value });
}

function explain() {
  const code = codes.activeCode();
  if (code) say(definitions.toggle(code));
}

function takeCoding(button) {
  const given = JSON.parse(button.dataset.take);
  codes.choose(given);
  refresh();
  say("Koderna är valda. Tryck Enter för att avgöra.");
  codes.form().querySelector(".accept").focus();
}

/** Everything that a key or a button can ask for. */
const ACTIONS = {
  accept,
  number: (number) => codes.pickNumber(number),
  turn: () => codes.turn(1),
  "turn-back": () => codes.turn(-1),
  type: beginTyping,
  write: () => {
    comment()?.focus();
    comment()?.setSelectionRange(comment().value.length, comment().value.length);
  },
  comment: saveComment,
  "stop-writing": () => byId("item-title").focus({ preventScroll: true }),
  skip: () => codes.form() && leaveWith(() => requests.post("/skip")),
  undo: () => leaveWith(() => requests.post("/undo")),
  redo: () => leaveWith(() => requests.post("/redo")),
  next: () => leaveWith(() => requests.show("/step", { direction: "next" })),
  previous: () => leaveWith(() => requests.show("/step", { direction: "previous" })),
  keep: () => {
    dropDraft(draftKey(codes.form()));
    requests.show("/step", { direction: "next" });
  },
  replace: () => accept({ replace: "1" }),
  borders: () => {
    definitions.close();
    enterBorders();
  },
  jump: () => {
    byId("jump-to").value = "";
    byId("jump").showModal();
  },
  search: () => {
    keep();
    location.assign("/sok");
  },
  explain,
  help: () => byId("help").showModal(),
  close: () => definitions.close() || document.querySelector(".choose").removeAttribute("open"),
  retry: requests.retry,
};

function act(action, number) {
  // While a request has failed only sending it again makes sense: it may have been carried out.
  if (requests.hasFailed()) {
    if (action === "accept" || action === "retry") requests.retry();
    else if (action === "help") ACTIONS.help();
    return;
  }
  if (action === "number") codes.form() && ACTIONS.number(number);
  else ACTIONS[action]?.();
}

/** Let the buttons say what they would do now. */
function refresh() {
  codes.update();
  const form = codes.form();
  const button = form.querySelector(".accept");
  const asked = [...form.querySelectorAll(".dimension:not([disabled]) input")];
  const other = asked.some((input) => input.checked !== input.defaultChecked);
  button.querySelector(".label").textContent = other ? button.dataset.change : button.dataset.agree;
  form.querySelector("[data-do=comment]").hidden = comment().value === comment().defaultValue;
}

/** Begin with an item that has just been shown. */
function begin({ first = false } = {}) {
  restart();
  forgetBorders();
  byId("failure").hidden = true;
  const form = codes.form();
  if (form) {
    codes.update();
    asCame = JSON.stringify(content());
    const draft = draftOf(draftKey(form));
    if (draft) {
      codes.choose(draft.codes);
      comment().value = draft.comment;
      document.querySelector("#item .draft").hidden = !changed() || "conflict" in form.dataset;
    }
    refresh();
    const answer = byId("answer");
    const statement = byId("statement");
    answer.scrollTop = statement.offsetTop - answer.clientHeight / 3;
  }
  const message = document.querySelector("#item .message:not(.draft)")?.textContent;
  if (message) say(message);
  if (first) return;
  (byId("conflict-title") ?? byId("item-title")).focus({ preventScroll: true });
  if (byId("item").getBoundingClientRect().top < 0) byId("item").scrollIntoView();
}

/** An answer has come: forget the draft that it made needless, unless it was not taken. */
function answered() {
  const refused = document.querySelector("#item .conflict, #item .message.error");
  if (!refused) for (const key of [done, sentBorders()]) if (key) dropDraft(key);
  done = null;
  requests.settled();
  begin();
}

function wire() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-item]");
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (link && plain) {
      event.preventDefault();
      leaveWith(() => requests.show(link.getAttribute("href")));
      return;
    }
    if (event.target.closest("a[href]")) keep();
    const taking = event.target.closest("[data-take]");
    if (taking) takeCoding(taking);
    event.target.closest("[data-close]")?.closest("dialog").close();
    const button = event.target.closest("[data-do]");
    if (!button || button.tagName === "A") return;
    event.preventDefault();
    act(button.dataset.do);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "coding") {
      event.preventDefault();
      act("accept");
    } else if (event.target.id === "jump-form") {
      const to = byId("jump-to").value.trim();
      leaveWith(() => requests.show("/jump", { to }));
    }
  });
  document.addEventListener("change", (event) => {
    if (!event.target.closest(".dimension")) return;
    codes.activate(event.target.closest(".dimension"));
    refresh();
  });
  document.addEventListener("input", (event) => {
    if (event.target === comment()) refresh();
  });
  document.addEventListener("focusin", (event) => {
    const dimension = event.target.closest("fieldset.dimension");
    if (dimension) codes.activate(dimension);
  });
  // To take away what has the focus would cost a layout of the old statement beside the new one.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.shouldSwap) document.activeElement?.blur();
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (requests.busy()) answered();
  });
  requests.onFailure(
    (text) => {
      byId("failure").querySelector("p").textContent = text;
      byId("failure").hidden = false;
      byId("item").inert = true;
      byId("failure").querySelector("button").focus();
    },
    (text) => {
      done = null;
      notice(text);
    },
  );
  addEventListener("pagehide", keep);
  wireKeys(act, { border: borderKey, inBorders });
  wireSwitch(byId("letters"));
  wireTyping();
  definitions.wireDefinitions();
  begin({ first: true });
}

wire();
