"use strict";
/** Buttons that copy a table: plain enough for a text document, and as lines for a sheet. */
{
  /** What a cell says, what stands below it in brackets. @param {HTMLTableCellElement} cell */
  function words(cell) {
    const copy = cell.cloneNode(true);
    const below = [...copy.querySelectorAll("small")];
    for (const one of below) one.remove();
    const more = below.map((one) => one.textContent.trim()).join("; ");
    const text = copy.textContent.trim().replace(/[ \t\n]+/g, " ");
    return more ? `${text} (${more})` : text;
  }

  function items(cell) {
    return [...cell.querySelectorAll("li")].map((item) => item.textContent.trim().replace(/\s+/g, " "));
  }

  /** @param {HTMLTableElement} table */
  function plain(table) {
    const made = document.createElement("table");
    made.border = "1";
    made.style.borderCollapse = "collapse";
    for (const row of table.rows) {
      const to = made.insertRow();
      for (const cell of row.cells) {
        const into = to.appendChild(document.createElement(cell.tagName));
        if (cell.rowSpan > 1) into.rowSpan = cell.rowSpan;
        const listed = items(cell);
        if (!listed.length) into.textContent = words(cell);
        for (const text of listed) {
          const [list] = into.children.length ? into.children : [into.appendChild(document.createElement("ul"))];
          list.appendChild(document.createElement("li")).textContent = text;
        }
      }
    }
    return made.outerHTML;
  }

  /** @param {HTMLTableElement} table */
  function tabbed(table) {
    const spans = [];
    return [...table.rows].map((row) => {
      const out = [];
      const cells = [...row.cells];
      while (cells.length) {
        const at = out.length;
        if (spans[at] > 0) {
          spans[at] -= 1;
          out.push("");
          continue;
        }
        const cell = cells.shift();
        spans[at] = cell.rowSpan - 1;
        out.push(items(cell).join("; ") || words(cell));
      }
      return out.join("\t");
    }).join("\n");
  }

  async function copy(table) {
    const kinds = { "text/html": plain(table), "text/plain": tabbed(table) };
    const blobs = Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  }

  for (const button of document.querySelectorAll("button.copy")) {
    const table = button.parentElement.querySelector("table");
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await copy(table);
        button.textContent = "Kopierad";
      } catch {
        getSelection().selectAllChildren(table);
        button.textContent = "Markerad: kopiera med Ctrl+C";
      }
      setTimeout(() => { button.textContent = label; }, 3000);
    });
  }
}
