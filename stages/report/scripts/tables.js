/* Every table: sorted by a heading, filtered, exported, and one column at a time on a phone. */

const bodyRows = (table) => $$("tbody tr:not(.block)", table);

/* One name a column, with what stands over it. */
function columnNames(table) {
  const rows = [...table.tHead.rows];
  const over = rows.length > 1 ? [...rows[0].cells].flatMap((cell) =>
    Array(cell.colSpan).fill(textOf(cell))) : [];
  return [...rows.at(-1).cells].map((cell, at) =>
    [over[at], textOf(cell)].filter(Boolean).join(" "));
}

function blockName(body) {
  const block = body.querySelector(".block .kind")?.textContent ?? "";
  return body.dataset.protocol ? `${block}, ${body.dataset.protocol} protocol` : block;
}

/* A number as programs read it; a text that a spreadsheet would run gets a quote before it. */
function plain(text) {
  if (/^[−+-]?[\d,]*\.?\d+$/.test(text)) return text.replaceAll(",", "").replace("−", "-");
  return /^[=+@\-\t]/.test(text) ? `'${text}` : text;
}

function csvOf(table, names) {
  const kinds = $$(".block", table).length > 0;
  const lines = [kinds ? ["Kind", ...names] : names];
  for (const row of bodyRows(table).filter((one) => !one.matches(".away, .off"))) {
    const cells = [...row.cells].map((cell) => plain(textOf(cell)));
    lines.push(kinds ? [blockName(row.parentNode), ...cells] : cells);
  }
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return lines.map((line) => line.map(quoted).join(",") + "\r\n").join("");
}

function save(name, text) {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/* Headings of parts stay where a part has a row left. */
function tidy(table) {
  for (const body of table.tBodies) {
    const left = [...body.rows].some((row) => !row.matches(".block, .away, .off"));
    for (const block of $$(".block", body)) block.classList.toggle("away", !left);
  }
}

function valueOf(cell) {
  const text = textOf(cell).replaceAll(",", "").replace("−", "-");
  const number = parseFloat(text);
  return /^[+-]?\d/.test(text) && !Number.isNaN(number) ? number : text === "–" ? null : text;
}

function compared(one, other) {
  if (one === null || other === null) return (one === null) - (other === null);
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}

/* First the better end, then the other one, then the order of the page. */
function sortable(table, names) {
  const bodies = [...table.tBodies].map((body) => [body, [...body.rows]]);
  const heads = [...table.tHead.rows].at(-1).cells;
  for (const [at, head] of [...heads].entries()) {
    const word = at === 0 || head.matches(".word");
    const low = word || head.querySelector(".way")?.textContent === "↓";
    const turns = low ? ["ascending", "descending"] : ["descending", "ascending"];
    const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
    button.addEventListener("click", () => {
      const turn = turns[turns.indexOf(head.getAttribute("aria-sort")) + 1];
      for (const each of heads) each.removeAttribute("aria-sort");
      if (turn) head.setAttribute("aria-sort", turn);
      for (const [body, rows] of bodies) {
        const blocks = rows.filter((row) => row.matches(".block"));
        const rest = rows.filter((row) => !row.matches(".block"));
        const sign = turn === "descending" ? -1 : 1;
        const by = (a, b) => {
          const [one, other] = [valueOf(a.cells[at]), valueOf(b.cells[at])];
          return compared(one, other) * (one === null || other === null ? 1 : sign);
        };
        body.append(...blocks, ...(turn ? rest.toSorted(by) : rest));
      }
    });
    button.title = `Sort by ${names[at]}`;
    head.removeAttribute("title");
    head.append(button);
  }
}

function filterOf(table, caption) {
  const rows = bodyRows(table);
  const count = make("output", { class: "count" });
  const field = make("input", { type: "search", "aria-label": `Filter ${caption}`,
    placeholder: "filter rows", autocomplete: "off" });
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = `${blockName(row.parentNode)} ${row.textContent}`.toLowerCase();
      row.classList.toggle("away", !words.every((word) => text.includes(word)));
    }
    tidy(table);
    const left = rows.filter((row) => !row.matches(".away, .off")).length;
    count.textContent = words.length ? `${left} of ${rows.length} rows` : "";
  });
  return [field, count];
}

/* On a phone: the names and one column, chosen by its heading. */
function columnOf(table, names, caption) {
  const heads = [...[...table.tHead.rows].at(-1).cells];
  const stays = heads.map((head, at) => at === 0 || (at < 3 && head.matches(".word")));
  const free = [...heads.keys()].filter((at) => !stays[at]);
  if (free.length < 3 || table.matches(".texts, .reasons")) return [];
  const choice = make("select", { "aria-label": `Column of ${caption}` },
    ...free.map((at) => make("option", { value: at }, names[at])),
    make("option", { value: "" }, "all columns"));
  const show = () => {
    table.classList.toggle("narrowed", choice.value !== "");
    for (const row of [heads, ...bodyRows(table).map((one) => [...one.cells])]) {
      row.forEach((cell, at) => cell.classList.toggle("aside",
        choice.value !== "" && !stays[at] && at !== Number(choice.value)));
    }
  };
  choice.addEventListener("change", show);
  show();
  return [make("label", { class: "column" }, "Column ", choice)];
}

for (const table of $$("main table")) {
  const names = columnNames(table);
  const place = table.closest(".scroll");
  const caption = table.caption?.textContent ?? place.getAttribute("aria-label");
  const name = `${dataset} ${caption}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const button = make("button", { type: "button", class: "csv", "aria-label": `CSV of ${caption}`,
    onclick: () => save(`${name}.csv`, csvOf(table, names)) }, "CSV");
  const filter = bodyRows(table).length > 7 && !table.matches(".reasons")
    ? filterOf(table, caption) : [];
  const tools = [...filter, ...columnOf(table, names, caption), button];
  if (!table.matches(".reasons")) sortable(table, names);
  place.before(make("div", { class: "tools" }, ...tools));
}
