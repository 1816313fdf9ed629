// Shows what a box of a Sankey figure is connected with, and how many respondents that is.
for (const figure of document.querySelectorAll("svg[data-sankey]")) {
  const nodes = [...figure.querySelectorAll("[data-node]")];
  const links = [...figure.querySelectorAll("[data-ends]")];
  const said = [...figure.querySelectorAll("[data-said-here]")];
  const atRest = said.map((line) => line.textContent);
  const ends = (link) => link.dataset.ends.split(" ");

  const show = (shown, lit, of) => {
    for (const link of links) link.style.strokeOpacity = shown && (lit.has(link) ? 0.8 : 0.08);
    for (const node of nodes) node.style.opacity = shown && (of.has(node.dataset.node) ? 1 : 0.35);
    const lines = shown ? shown.dataset.said.split("\n") : atRest;
    said.forEach((line, at) => { line.textContent = lines[at] ?? ""; });
  };
  const rest = () => show("", new Set(), new Set());
  const node = (one) => {
    const lit = links.filter((link) => ends(link).includes(one.dataset.node));
    show(one, new Set(lit), new Set([one.dataset.node, ...lit.flatMap(ends)]));
  };
  const back = () => {
    const focused = figure.querySelector("[data-node]:focus");
    if (focused) node(focused); else rest();
  };

  for (const one of nodes) {
    one.addEventListener("pointerenter", () => node(one));
    one.addEventListener("focus", () => node(one));
    one.addEventListener("pointerleave", back);
    one.addEventListener("blur", rest);
  }
  for (const link of links) {
    link.addEventListener("pointerenter", () => show(link, new Set([link]), new Set(ends(link))));
    link.addEventListener("pointerleave", back);
  }
}
