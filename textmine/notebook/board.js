// The board in the notebook. Python has the groups; this shows them and says what was done.
// Notes are shown as text nodes and never read as HTML: anybody may have written them.

const FIRST = 8; // notes of a card to begin with
const MORE = 20; // and for each "Visa fler"
const LONG = 240; // characters from which a note may be cut off on its card

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children); // strings become text nodes
  return node;
}

function button(label, properties = {}) {
  return make("button", { type: "button", ...properties }, label);
}

// A key says what a control is for, so that the focus finds it again when cards are drawn anew.
function keyed(key, node) {
  node.dataset.key = key;
  return node;
}

class Board {
  constructor(model, el) {
    this.model = model;
    this.texts = model.get("texts");
    this.shown = new Map(); // how many notes, by card
    this.picked = new Set(); // notes
    this.dragged = null; // {cluster} or {notes}
    this.changed = new Set(); // groups whose size is new
    this.editing = null; // {cluster, name}: the name that is being typed
    this.placed = []; // notes that Python was asked to place
    this.busy = false;
    this.drawing = false;
    this.frame(el);
    this.renew();
  }

  // What stays when the groups change.
  frame(el) {
    this.undo = button("Ångra", { onclick: () => this.send({ act: "undo" }) });
    this.status = make("span", { className: "status", role: "status" });
    this.facts = make("span", { className: "facts" });
    this.count = make("span", { className: "count" });
    this.goal = make("select", { ariaLabel: "Flytta valda anteckningar till", onchange: () => this.renewPicked() });
    this.move = button("Flytta hit", { onclick: () => this.place([...this.picked], this.goal.value) });
    this.drop = button("Ta bort", {
      title: "Ta bort valda anteckningar ur sina grupper",
      onclick: () => this.place([...this.picked], null),
    });
    this.unpick = button("Avmarkera", { onclick: () => this.pickNone() });
    this.chips = make("nav", { className: "chips", ariaLabel: "Grupper" });
    this.cards = make("div", { className: "cards" });
    this.root = make(
      "section",
      { className: "textmine-board", lang: "sv", tabIndex: -1, ariaLabel: "Grupper av anteckningar" },
      make("div", { className: "bar" }, this.undo, this.status, this.facts),
      make("div", { className: "bar" }, this.count, this.goal, this.move, this.drop, this.unpick),
      this.chips,
      this.cards,
    );
    // JupyterLab would take Enter, D and the like for orders to the notebook.
    this.root.dataset.lmSuppressShortcuts = "true";
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
    this.root.addEventListener("dragend", () => (this.dragged = null));
    el.append(this.root);
  }

  // To and from Python

  send(message) {
    if (this.busy) return; // what is on the screen may be out of date
    this.busy = true;
    this.root.ariaBusy = "true";
    this.status.textContent = "Arbetar …";
    this.model.send(message);
  }

  place(notes, cluster) {
    this.placed = notes;
    this.send(cluster === null ? { act: "drop", notes } : { act: "move", notes, cluster });
  }

  renew() {
    const before = new Map(this.view?.groups.map((group) => [group.id, group.size]));
    this.view = this.model.get("view");
    this.homes = new Map(this.view.without.map((note) => [note.id, null]));
    for (const group of this.view.groups) {
      group.notes.forEach((note) => this.homes.set(note, group.id));
      if (before.size && before.get(group.id) !== group.size) this.changed.add(group.id);
    }
    if (!this.view.failed) this.placed.forEach((note) => this.picked.delete(note));
    this.placed = [];
    this.busy = false;
    this.root.ariaBusy = "false";
    this.undo.disabled = !this.view.undo;
    this.undo.title = this.view.undo ? `Ångra senaste: ${this.view.undo}` : "Inget att ångra";
    this.status.textContent = this.view.said;
    this.status.classList.toggle("failed", this.view.failed);
    this.facts.textContent = `${this.homes.size} anteckningar i ${this.view.groups.length} grupper`;
    this.draw();
    this.changed.clear();
  }

  // Drawing

  draw() {
    const focus = this.root.getRootNode().activeElement;
    const key = this.root.contains(focus) ? focus.dataset.key : undefined;
    const inside = this.cards.contains(focus) || this.chips.contains(focus);
    const lists = () => [...this.cards.querySelectorAll("ul")];
    const scrolled = new Map(lists().map((list) => [list.dataset.key, list.scrollTop]));
    const goal = this.goal.value;
    this.drawing = true; // a field that is taken away loses the focus, but nobody left it
    this.goal.replaceChildren(
      make("option", { value: "" }, "Välj grupp …"),
      ...this.view.groups.map((group) => this.option(group)),
    );
    this.goal.value = this.view.groups.some((group) => group.id === goal) ? goal : "";
    this.chips.replaceChildren(...this.view.groups.map((group) => this.chip(group)), this.lastChip());
    this.cards.replaceChildren(...this.view.groups.map((group) => this.card(group)), this.lastCard());
    this.drawing = false;
    for (const list of lists()) list.scrollTop = scrolled.get(list.dataset.key) ?? 0;
    if (inside && !this.focus(key)) this.root.focus({ preventScroll: true });
    this.renewPicked();
  }

  focus(key) {
    const found = [...this.root.querySelectorAll("[data-key]")].find((n) => n.dataset.key === key);
    found?.focus({ preventScroll: true });
    return found;
  }

  option(group) {
    return make("option", { value: group.id }, `${group.id} ${group.name}`);
  }

  chip(group) {
    const chip = button("", { className: "chip", title: group.name, onclick: () => this.goTo(group.id) });
    chip.append(make("span", {}, group.name), make("b", {}, String(group.size)));
    chip.classList.toggle("changed", this.changed.has(group.id));
    return this.target(keyed(`chip:${group.id}`, chip), group.id);
  }

  lastChip() {
    const chip = button("", { className: "chip without", onclick: () => this.goTo(null) });
    chip.append(make("span", {}, "Utan grupp"), make("b", {}, String(this.view.without.length)));
    return this.target(keyed("chip:", chip), null);
  }

  goTo(cluster) {
    const places = [...this.view.groups.map((group) => group.id), null];
    const card = this.cards.children[places.indexOf(cluster)];
    this.cards.scrollTo({ top: card.offsetTop - this.cards.firstChild.offsetTop });
    this.focus(`name:${cluster ?? ""}`);
  }

  card(group) {
    const card = make("article", { className: "card", ariaLabel: group.name });
    card.classList.toggle("changed", this.changed.has(group.id));
    const editing = this.editing?.cluster === group.id;
    const head = make(
      "header",
      { draggable: !editing, title: "Dra till ett annat kort för att slå ihop grupperna" },
      editing ? this.field(group) : this.name(group),
      make("span", { className: "id" }, group.id),
      make("b", { className: "size" }, String(group.size)),
    );
    head.addEventListener("dragstart", (event) => this.startDrag(event, { cluster: group.id }));
    card.append(
      head,
      make("p", { className: "keywords" }, group.keywords.join(", ")),
      this.actions(group),
      this.list(group.id, group.notes.map((id) => ({ id }))),
    );
    return this.target(card, group.id);
  }

  lastCard() {
    const heading = keyed("name:", make("h3", { className: "name", tabIndex: -1 }, "Utan grupp"));
    const size = make("b", { className: "size" }, String(this.view.without.length));
    const card = make(
      "article",
      { className: "card without", ariaLabel: "Utan grupp" },
      make("header", {}, heading, size),
      this.list(null, this.view.without),
    );
    return this.target(card, null);
  }

  actions(group) {
    const others = this.view.groups.filter((other) => other.id !== group.id);
    const other = make(
      "select",
      { ariaLabel: `Slå ihop ${group.name} med` },
      make("option", { value: "" }, "Slå ihop med …"),
      ...others.map((one) => this.option(one)),
    );
    const merge = button("Slå ihop", { disabled: true });
    other.onchange = () => (merge.disabled = !other.value);
    merge.onclick = () => this.send({ act: "merge", clusters: [group.id, other.value] });
    const rename = button("Byt namn", { onclick: () => this.edit(group) });
    const split = button("Dela i två", {
      disabled: group.size < 2,
      onclick: () => this.send({ act: "split", cluster: group.id }),
    });
    const drop = button("Ta bort", {
      title: "Ta bort gruppen; dess anteckningar hamnar utan grupp",
      onclick: () => this.send({ act: "drop", cluster: group.id }),
    });
    const here = button("Flytta hit", {
      className: "here",
      title: "Flytta valda anteckningar hit",
      onclick: () => this.place([...this.picked], group.id),
    });
    const of = (what, node) => keyed(`${what}:${group.id}`, node);
    return make(
      "div",
      { className: "actions" },
      of("rename", rename),
      of("split", split),
      of("drop", drop),
      of("here", here),
      make("div", { className: "merging" }, of("other", other), of("merge", merge)),
    );
  }

  list(cluster, notes) {
    const number = this.shown.get(cluster) ?? FIRST;
    const list = keyed(`list:${cluster ?? ""}`, make("ul"));
    list.append(...notes.slice(0, number).map((note) => this.note(note)));
    if (!notes.length) list.append(make("li", { className: "none" }, "Inga anteckningar"));
    const left = notes.length - number;
    if (left > 0) {
      const more = button(`Visa fler (${left} till)`, { className: "more" });
      more.onclick = () => {
        this.shown.set(cluster, number + MORE);
        this.draw();
        this.focus(`note:${notes[number].id}`);
      };
      list.append(make("li", {}, keyed(`more:${cluster ?? ""}`, more)));
    }
    return list;
  }

  note({ id, reason }) {
    const text = this.texts[id];
    const box = keyed(`note:${id}`, make("input", { type: "checkbox", checked: this.picked.has(id) }));
    const note = make("li", { className: "note", draggable: true, title: text.length > LONG ? text : "" });
    const body = make("span", { className: "text" }, text);
    note.append(make("label", {}, box, body));
    if (reason) note.append(make("small", {}, reason));
    box.onchange = () => {
      if (box.checked) this.picked.add(id);
      else this.picked.delete(id);
      this.renewPicked();
    };
    note.addEventListener("dragstart", (event) => {
      // To drag one of those picked is to drag them all.
      this.startDrag(event, { notes: this.picked.has(id) ? [...this.picked] : [id] });
    });
    return note;
  }

  // Picking notes

  renewPicked() {
    const number = this.picked.size;
    this.count.textContent = number ? `${number} ${number === 1 ? "vald" : "valda"}` : "Inga valda";
    this.root.classList.toggle("picking", number > 0);
    this.move.disabled = !number || !this.goal.value;
    this.drop.disabled = ![...this.picked].some((note) => this.homes.get(note) !== null);
    this.goal.disabled = this.unpick.disabled = !number;
  }

  pickNone() {
    this.picked.clear();
    this.draw();
  }

  // Names

  name(group) {
    const name = make("h3", { className: "name", tabIndex: 0 }, group.name);
    name.classList.toggle("proposed", group.proposed);
    name.title = group.proposed
      ? "Förslag från gruppens ord. Dubbelklicka eller tryck Enter för att ge gruppen ett namn"
      : "Dubbelklicka eller tryck Enter för att byta namn";
    name.ondblclick = () => this.edit(group);
    name.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.edit(group);
    };
    return keyed(`name:${group.id}`, name);
  }

  edit(group) {
    this.editing = { cluster: group.id, name: group.name };
    this.draw();
    this.focus(`name:${group.id}`);
    this.root.getRootNode().activeElement.select();
  }

  field(group) {
    const field = make("input", { className: "name", value: this.editing.name, ariaLabel: "Gruppens namn" });
    const end = (keep) => {
      const name = field.value.trim();
      this.editing = null;
      this.draw();
      if (keep && name) this.send({ act: "rename", cluster: group.id, name });
    };
    field.oninput = () => (this.editing.name = field.value);
    field.onkeydown = (event) => {
      // To keep a proposed name as it is, is to give it.
      if (event.key === "Enter") end(group.proposed || field.value.trim() !== group.name);
      if (event.key === "Escape") end(false);
    };
    field.onblur = () => {
      if (!this.drawing) end(field.value.trim() !== group.name);
    };
    return keyed(`name:${group.id}`, field);
  }

  // Dragging

  startDrag(event, dragged) {
    this.dragged = dragged;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", ""); // Firefox drags nothing without it
  }

  fits(cluster) {
    if (!this.dragged) return false;
    if (this.dragged.cluster) return this.dragged.cluster !== cluster;
    return this.dragged.notes.some((note) => this.homes.get(note) !== cluster);
  }

  target(node, cluster) {
    node.addEventListener("dragover", (event) => {
      if (!this.fits(cluster)) return;
      event.preventDefault();
      node.classList.add("over");
    });
    node.addEventListener("dragleave", (event) => {
      if (!node.contains(event.relatedTarget)) node.classList.remove("over");
    });
    node.addEventListener("drop", (event) => {
      if (!this.fits(cluster)) return;
      event.preventDefault();
      event.stopPropagation();
      node.classList.remove("over");
      const { cluster: other, notes } = this.dragged;
      this.dragged = null;
      if (notes) this.place(notes, cluster);
      else if (cluster === null) this.send({ act: "drop", cluster: other });
      else this.send({ act: "merge", clusters: [cluster, other] });
    });
    return node;
  }
}

function render({ model, el }) {
  const board = new Board(model, el);
  const renew = () => board.renew();
  model.on("change:view", renew);
  return () => model.off("change:view", renew);
}

export default { render };
