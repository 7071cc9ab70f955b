/* Models switched on and off, in every table that has a row for each and in the charts over k. */

const models = document.querySelector("main").dataset.models.split(" ").filter(Boolean);
const switches = { off: new Set(), reranked: true };

const isShown = (name) =>
  !switches.off.has(name.split("+")[0]) && (switches.reranked || !name.includes("+"));

function applySwitches() {
  for (const table of $$("main table:not(.reasons)")) {
    for (const row of bodyRows(table)) {
      const name = textOf(row.cells[0]);
      if (models.includes(name.split("+")[0])) row.classList.toggle("off", !isShown(name));
    }
    tidy(table);
  }
  document.dispatchEvent(new Event("switched"));
}

function switchOf(label, turned) {
  const box = make("input", { type: "checkbox", checked: true });
  box.addEventListener("change", () => {
    turned(box.checked);
    applySwitches();
  });
  return make("label", {}, box, label);
}

document.querySelector(".contents").append(make("details", { class: "switches", open: true },
  make("summary", {}, "Models shown"),
  make("fieldset", {},
    make("legend", { class: "unseen" }, "Models shown in tables and in the charts over k"),
    ...models.map((name) =>
      switchOf(name, (on) => switches.off[on ? "delete" : "add"](name))),
    switchOf("rerankings and controls", (on) => { switches.reranked = on; }))));
