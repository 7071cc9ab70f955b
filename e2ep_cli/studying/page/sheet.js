/* One task at a time; answers are kept in this browser and leave it only in the file that is saved. */
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const { sheet, letters } = document.body.dataset;
  const name = `e2ep-study-${sheet}`;
  const cards = [...document.querySelectorAll(".card")];
  const asked = [...document.querySelectorAll("fieldset")];
  const tasks = cards.length - 2;
  const fresh = () => ({ person: drawn(), at: 0, answers: {} });

  /* Eight letters by chance; bytes that would favour the first letters are drawn again. */
  function drawn() {
    let code = "";
    while (code.length < 8) {
      const [byte] = crypto.getRandomValues(new Uint8Array(1));
      if (byte < 256 - (256 % letters.length)) code += letters[byte % letters.length];
    }
    return code;
  }

  /* Some browsers refuse to keep anything for a file; then the answers last as long as the page. */
  function kept() {
    try {
      const value = JSON.parse(localStorage.getItem(name));
      return value && value.person && value.answers ? value : null;
    } catch {
      return null;
    }
  }
  function keep() {
    try {
      localStorage.setItem(name, JSON.stringify(state));
    } catch { /* as above */ }
  }
  let state = kept() || fresh();

  const field = (one) => `${one.dataset.pair}-${one.dataset.question}`;
  const open = () => asked.filter((one) => !state.answers[field(one)]);
  const lines = () => ["sheet,person,pair,question,answer", ...asked.map((one) => [
    sheet, state.person, one.dataset.pair, one.dataset.question, state.answers[field(one)] || "",
  ].join())].join("\n") + "\n";

  function show(at, moved = true) {
    state.at = Math.min(Math.max(at, 0), cards.length - 1);
    if (moved) keep();  /* A page that opens could overwrite what the one before it is still writing. */
    cards.forEach((card, place) => { card.hidden = place !== state.at; });
    const last = state.at === cards.length - 1;
    document.querySelector(".steps").classList.toggle("still", state.at === 0 || last);
    $("back").hidden = state.at === 0;
    $("next").hidden = last;
    $("next").textContent = state.at === 0 ? "Begin" : state.at === tasks ? "To the end" : "Next";
    $("where").textContent = state.at === 0 || last ? "" : `${state.at} of ${tasks}`;
    if (last) end();
    scrollTo(0, 0);
    if (moved) cards[state.at].querySelector("h1, h2").focus({ preventScroll: true });
  }

  function end() {
    const missing = [...new Set(open().map((one) => Number(one.dataset.pair)))];
    $("given").textContent = missing.length
      ? `You answered ${tasks - missing.length} of ${tasks} tasks. These are open:`
      : `You answered all ${tasks} tasks. Save the answers and give the file to whoever asked you.`;
    $("open").replaceChildren(...missing.map((pair) => {
      const row = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.textContent = `Task ${pair}`;
      button.addEventListener("click", () => show(pair));
      row.append(button);
      return row;
    }));
    $("lines").value = lines();
    $("saved").textContent = "";
  }

  function fill() {
    for (const input of document.querySelectorAll("input[type=radio]")) {
      input.checked = state.answers[input.name] === input.value;
    }
  }

  $("study").addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    state.answers[event.target.name] = event.target.value;
    keep();
  });
  $("study").addEventListener("submit", (event) => {
    event.preventDefault();
    show(state.at + 1);
  });
  $("back").addEventListener("click", () => show(state.at - 1));
  $("save").addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = `answers-${sheet}-${state.person}.csv`;
    link.href = URL.createObjectURL(new Blob([lines()], { type: "text/csv" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    $("saved").textContent = `Saved as ${link.download}, among your downloads.`;
  });
  $("clear").addEventListener("click", () => {
    if (!confirm("Clear all answers? Save them first if they are to count.")) return;
    state = fresh();
    fill();
    show(0);
  });

  document.body.classList.add("stepwise");
  document.querySelector(".steps").hidden = false;
  fill();
  show(state.at, false);
})();
