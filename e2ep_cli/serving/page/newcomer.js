/* The person at the page: what they name, the list for them, and what each like brings. */

import { ask, query } from "/page/api.js";
import { combobox } from "/page/combobox.js";
import { $, counted, make, thumb } from "/page/dom.js";
import { changeDetails, itemList, legend } from "/page/items.js";
import { keep, named, state, years } from "/page/state.js";

let about;
let changed;
let wellKnown = [];
let shown = new Map();
let shownWith = "";
let latest = null; // what was taken from the list last, until something else is chosen
let changes = new Map();
const open = new Set();

export function wireNewcomer(aboutRun, onChange) {
  about = aboutRun;
  changed = onChange;
  combobox($("search"), $("found"), {
    find: async (typed) => (typed ? (await ask(query("/items", { q: typed, limit: 8 }))).items : []),
    show: (item, typed) => [make("span", {}, item.name), make("small", {}, hint(item, typed))],
    choose: (item, event) => {
      add(item, event.shiftKey ? "disliked" : "liked");
      $("search").value = "";
    },
  });
  $("back").onclick = () => {
    state.picks = state.picks.filter((pick) => pick !== latest);
    $("list").focus({ preventScroll: true });
    changed();
  };
  $("start-over").onclick = () => {
    state.picks = [];
    changed();
    $("search").focus();
  };
  $("self").hidden = !about.genders.length;
  $("gender-label").hidden = !about.genders.length;
  $("gender").append(...about.genders.map((one) => make("option", { value: one }, one)));
  for (const name of ["age", "gender"]) {
    $(name).value = state[name];
    $(name).oninput = () => {
      state[name] = $(name).value;
      changed();
    };
  }
}

/* Who was looked for, otherwise who made it; and its first genre. */
function hint(item, typed) {
  const words = typed.toLocaleLowerCase().split(/\s+/);
  const meant = (name) => words.some((word) => name.toLocaleLowerCase().split(/\s+/).some((part) => part.startsWith(word)));
  return [item.people.find(meant) ?? item.people[0], item.genres[0]].filter(Boolean).join(" · ");
}

export async function wellKnownItems() {
  wellKnown = (await ask(query("/items", { limit: 15 }))).items;
  return wellKnown;
}

const known = () =>
  make("div", { class: "known" },
    make("h3", {}, "Begin with one that many know, or search"),
    make("ul", {}, ...wellKnown.map((item) =>
      make("li", {}, make("button", { type: "button", onclick: () => { add(item, "liked"); $("search").focus(); } },
        item.title, " ", make("span", { class: "year" }, item.year ?? ""))))));

/* Items by id, as an address names them; those of another catalogue are left out. */
export async function recalled(ids) {
  for (const [kind, those] of Object.entries(ids)) {
    if (!those.length) continue;
    const { items } = await ask(query("/items", { item_id: those.slice(0, 100) }));
    state.picks.push(...items.map((item) => ({ ...item, kind })));
  }
}

export function add(item, kind) {
  state.picks = state.picks.filter((pick) => pick.item_id !== item.item_id);
  state.picks.push({ ...item, kind });
  latest = null;
  changed();
}

/* An item of the list: it is no longer there then, so that it can be taken back from here. */
function take(item, kind) {
  add(item, kind);
  latest = state.picks.at(-1);
  showBack();
}

function showBack() {
  $("back").hidden = !state.picks.includes(latest);
  $("back").textContent = latest ? `Take back: ${latest.kind} ${latest.name}` : "";
}

/* Which thumb of the list has the focus, for it goes to that of the item which follows. */
function focusedJudge() {
  for (const kind of [".judge .like", ".judge .dislike"]) {
    const at = [...$("columns").querySelectorAll(kind)].indexOf(document.activeElement);
    if (at >= 0) return { kind, at };
  }
  return null;
}

function remove(pick) {
  const at = state.picks.indexOf(pick);
  state.picks.splice(at, 1);
  changed();
  const buttons = [...$("picks").querySelectorAll(".remove")];
  (buttons[Math.min(at, buttons.length - 1)] ?? $("search")).focus();
}

export function showPicks() {
  const focused = document.activeElement?.dataset?.focus;
  $("picks").replaceChildren(...[...state.picks].reverse().map(pickRow));
  showBack();
  $("start-over").hidden = state.picks.length < 2;
  if (focused) $("picks").querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

function pickRow(pick) {
  const judge = (kind, word) =>
    make("button", {
      type: "button",
      class: kind === "liked" ? "like" : "dislike",
      "aria-pressed": String(pick.kind === kind),
      "aria-label": `${word} ${pick.name}`,
      title: word,
      "data-focus": `${kind}-${pick.item_id}`,
      onclick: () => {
        pick.kind = kind;
        changed();
      },
    }, thumb());
  return make("li", { class: "pick", "data-id": pick.item_id },
    make("div", { class: "sign", role: "group", "aria-label": pick.name },
      judge("liked", "Like"), judge("disliked", "Dislike")),
    make("span", { class: "name" }, pick.title, " ", make("span", { class: "year" }, pick.year ?? "")),
    make("button", {
      type: "button", class: "remove", "aria-label": `Remove ${pick.name}`, title: "Remove",
      "data-focus": `remove-${pick.item_id}`, onclick: () => remove(pick),
    }, "×"),
    pick.kind === "liked" && named("liked").length > 1 ? broughtBy(pick) : null);
}

/* What a like brings, or the room for it while that is computed. */
function broughtBy(pick) {
  const change = changes.get(pick.item_id);
  if (!change) return make("p", { class: "brings waiting" }, "…");
  const remember = (is) => (is ? open.add(pick.item_id) : open.delete(pick.item_id));
  return changeDetails(change, shown.size, open.has(pick.item_id), remember);
}

export async function showNewcomer(signal) {
  changes = new Map(); // those of an earlier list are no longer true
  showPicks();
  keep();
  if (!named("liked").length) {
    shown = new Map();
    const only = state.picks.length ? "Name something that you like too." : `Name ${article(about.item_word)} that you like. The list begins with the first one, and changes with each.`;
    $("list-sub").textContent = "";
    $("said").textContent = "";
    $("columns").replaceChildren(make("div", { class: "empty" },
      make("p", {}, only),
      make("p", {}, "Each place says why it is there, in words that were checked. Nothing you name is stored."),
      known()));
    $("taste").textContent = "";
    return;
  }
  const body = {
    liked: named("liked"), disliked: named("disliked"), k: state.k,
    genres: state.genres, years: years(about),
    age: Number(state.age) || null, gender: state.gender || null,
  };
  const answer = await ask("/explain", body, signal);
  // Places are compared with those of a list that passed the same filters.
  const filters = JSON.stringify([state.k, state.genres, body.years]);
  const before = filters === shownWith ? shown : new Map();
  shownWith = filters;
  const items = itemList(answer.items, before.size ? before : null, { onCited: cite, onPick: take });
  shown = new Map(answer.items.map((item) => [item.item_id, item.rank]));
  document.body.classList.remove("loading");
  const focused = focusedJudge();
  $("columns").replaceChildren(...(answer.items.length ? [legend(answer.items) ?? "", items] : [nothing()]));
  if (focused) (items.querySelectorAll(focused.kind)[focused.at] ?? $("list")).focus({ preventScroll: true });
  $("taste").textContent = answer.person.overview;
  $("list-sub").textContent = `by ${answer.model} · reasons: ${answer.source}`;
  $("said").textContent = before.size ? said(before) : `${counted(answer.items.length, about.item_word, about.items_word)}.`;
  const { changes: made } = await ask("/without", body, signal);
  changes = new Map(made.map((change) => [change.without.item_id, change]));
  showPicks();
}

function said(before) {
  const fresh = [...shown.keys()].filter((id) => !before.has(id));
  if (!fresh.length && [...shown].every(([id, rank]) => before.get(id) === rank)) return "The list stays as it was.";
  if (!fresh.length) return `The same ${about.items_word}, in another order.`;
  return `${counted(fresh.length, `new ${about.item_word}`, `new ${about.items_word}`)} of ${shown.size}.`;
}

export const nothing = () =>
  make("div", { class: "empty" }, make("p", {}, `No ${about.items_word} pass these filters.`), make("p", {}, "Take one of them away."));

export function cite(ids) {
  for (const row of document.querySelectorAll(".desk [data-id]")) {
    row.classList.toggle("cited", ids.includes(row.dataset.id));
  }
}

const article = (word) => `${"aeiou".includes(word[0].toLowerCase()) ? "an" : "a"} ${word}`;
