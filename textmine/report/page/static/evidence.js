"use strict";
/** The list of statements: a number's link shows those behind it; a search field; a way back. */
{
  const list = document.getElementById("underlag");
  const form = list?.querySelector(".find");
  const bar = list?.querySelector(".shown");
  const lines = list ? [...list.querySelectorAll("li")].map(describe) : [];
  const holders = list ? [...list.querySelectorAll("details, section")] : [];
  /** What a link asked for: a place in the list, and a gap or an effect within it. */
  let asked = {};
  /** The number that was clicked. */
  let origin = null;

  /** @param {HTMLLIElement} item */
  function describe(item) {
    return {
      item,
      area: item.closest(".area-list"),
      role: item.closest(".leaf").dataset.role,
      actor: item.dataset.a ?? "",
      gaps: item.dataset.g?.split(" ") ?? [],
      effect: item.dataset.e,
      open: item.querySelector(".open") !== null,
      words: "",
    };
  }

  function holds(place, line) {
    if (!place) return true;
    if (!place.dataset.codes) return place.contains(line.item);
    return place.closest(".area-list") === line.area
      && place.dataset.codes.split(" ").includes(line.role);
  }

  function show() {
    const words = lower(form.sok.value).split(/\s+/).filter(Boolean);
    const actor = form.aktor?.value ?? "";
    const filtered = Boolean(asked.place || asked.gap || words.length || actor || form.osakra.checked);
    const found = lines.filter((line) => {
      const wanted = holds(asked.place, line)
        && (!asked.gap || line.gaps.includes(asked.gap))
        && (!asked.effect || line.effect === asked.effect)
        && (!actor || line.actor === actor)
        && (!form.osakra.checked || line.open);
      if (!wanted || !words.length) return wanted;
      line.words ||= lower(line.item.textContent);
      return words.every((word) => line.words.includes(word));
    });
    const kept = new Set(found.map((line) => line.item));
    const filled = new Set();
    for (const { item } of lines) {
      item.hidden = !kept.has(item);
      item.classList.remove("wanted");
      if (item.hidden) continue;
      for (let up = item.parentElement; up !== list && !filled.has(up); up = up.parentElement) {
        filled.add(up);
      }
    }
    for (const holder of holders) {
      holder.hidden = !filled.has(holder);
      if (holder.tagName === "DETAILS") holder.open = filtered && !holder.hidden;
    }
    tell(found, filtered);
  }

  function tell(found, filtered) {
    const people = new Set(found.map(({ item }) => item.querySelector("b").textContent));
    people.delete("");
    const n = new Set(found.map(({ item }) => item.id || item.textContent)).size;
    let text = filtered ? "Visar " : "";
    text += count(n, "utsaga", "utsagor");
    if (people.size) text += ` från ${count(people.size, "aktör", "aktörer")}`;
    const trail = [];
    for (let up = asked.place; up && up !== list; up = up.parentElement) {
      if (up.dataset.name) trail.unshift(up.dataset.name);
    }
    if (asked.gap) trail.push(JSON.parse(asked.place.closest(".area-list").dataset.gaps)[parseInt(asked.gap, 10)]);
    if (trail.length) text += `: ${trail.join(" › ")}`;
    bar.querySelector("[role=status]").textContent = text;
    bar.querySelector(".all").hidden = !filtered;
    bar.querySelector(".back").hidden = !origin;
  }

  function count(n, one, many) {
    // As elsewhere on the page, four digits stand together.
    const written = n < 10_000 ? n : n.toLocaleString("sv");
    return `${written}\u00a0${n === 1 ? one : many}`;
  }

  function lower(text) {
    return text.toLocaleLowerCase("sv");
  }

  /** Go where the address points. */
  function follow() {
    const [id, query] = location.hash.slice(1).split("?");
    const target = document.getElementById(id);
    if (!target || target === list || !list.contains(target)) return;
    const only = new URLSearchParams(query);
    form.reset();
    const one = target.tagName === "LI";
    asked = one ? {} : { place: target, gap: only.get("brist"), effect: only.get("effekt") };
    if (form.aktor) form.aktor.value = only.get("aktor") ?? "";
    show();
    for (let up = target; up !== list; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
    }
    target.classList.toggle("wanted", one);
    const head = one ? target : heading(target);
    if (head.tagName !== "SUMMARY") head.tabIndex = -1;
    head.scrollIntoView({ block: one ? "center" : "start" });
    head.focus({ preventScroll: true });
  }

  function heading(target) {
    const within = target.dataset.codes ? target.closest(".area-list") : target;
    return within.querySelector("summary, h4, h5");
  }

  function start() {
    form.hidden = bar.hidden = false;
    let waiting = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 120);
    });
    bar.querySelector(".all").addEventListener("click", () => {
      form.reset();
      asked = {};
      show();
      history.pushState(null, "", "#underlag");
      form.sok.focus();
    });
    bar.querySelector(".back").addEventListener("click", () => {
      origin.scrollIntoView({ block: "center" });
      origin.focus({ preventScroll: true });
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#underlag.'], a[href^='#u.']");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      origin = list.contains(link) ? null : link;
      const place = link.dataset.list ?? link.getAttribute("href").slice(1);
      const only = link.dataset.show ?? link.closest("figure")?.dataset.show;
      history.pushState(null, "", `#${place}${only ? `?${only}` : ""}`);
      follow();
    });
    addEventListener("popstate", follow);
    tell(lines, false);
    follow();
  }

  if (form) start();
}
