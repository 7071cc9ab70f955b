/* The page: what is chosen, and the list that follows it. */

import { Problem, ask } from "/page/api.js";
import { $, debounced, make } from "/page/dom.js";
import { showExample, showHow, wireCopy } from "/page/how.js";
import { recalled, showNewcomer, showPicks, wellKnownItems, wireNewcomer } from "/page/newcomer.js";
import { servePosters } from "/page/posters.js";
import { kept, state } from "/page/state.js";
import { showUser, wireUser } from "/page/user.js";

let wellKnown = [];
let asking = new AbortController();

async function show() {
  asking.abort();
  asking = new AbortController();
  const isUser = state.as === "user";
  $("newcomer").hidden = isUser;
  $("user").hidden = !isUser;
  $("back").hidden = true;
  $("as-newcomer").setAttribute("aria-pressed", String(!isUser));
  $("as-user").setAttribute("aria-pressed", String(isUser));
  $("desk-title").textContent = isUser ? "Who they are" : "What you like";
  $("list-title").textContent = isUser && state.user ? `For user ${state.user}` : isUser ? "The list" : "For you";
  $("list").setAttribute("aria-busy", "true");
  showExample(state.picks.length ? state.picks : wellKnown);
  showFilters();
  try {
    await (isUser ? showUser : showNewcomer)(asking.signal);
    $("problem").hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    $("problem").textContent = error instanceof Problem ? error.message : "Something went wrong on this page; load it again.";
    $("problem").hidden = false;
    if (!(error instanceof Problem)) console.error(error);
  }
  $("list").setAttribute("aria-busy", "false");
  showPeek();
}

/* On a phone the list is below what is chosen: a bar says how it changes. */
function showPeek() {
  const first = document.querySelector(".item h3");
  $("peek").hidden = !first;
  if (!first) return;
  $("peek").replaceChildren(
    make("span", {}, make("b", {}, "1 "), first.firstChild.data),
    make("span", { class: "to-list" }, $("said").textContent.split(". ")[0].replace(/\.$/, "") || "The list", " ↓"));
}

function toList(event) {
  // The part after # keeps what was chosen, so no link may change it.
  event.preventDefault();
  $("list").focus({ preventScroll: true });
  $("list").scrollIntoView();
}

/* What is filtered by stands at the list too, since it may have been chosen long ago. */
function showOnly() {
  const chip = (text, away) => make("button", {
    type: "button",
    "aria-label": `Remove the filter ${text}`,
    onclick: () => {
      away();
      $("list").focus({ preventScroll: true });
      show();
    },
  }, text, make("span", { "aria-hidden": "true" }, " ×"));
  const chips = state.genres.map((genre) => chip(genre, () => { state.genres = state.genres.filter((one) => one !== genre); }));
  if (state.from || state.to) {
    const text = state.from && state.to ? `${state.from} to ${state.to}` : state.from ? `from ${state.from}` : `to ${state.to}`;
    chips.push(chip(text, () => { state.from = state.to = $("from").value = $("to").value = ""; }));
  }
  $("only").replaceChildren(...(chips.length ? ["Only", ...chips] : []));
}

function showFilters() {
  const set = [...state.genres];
  if (state.from || state.to) set.push(`${state.from || "…"}–${state.to || "…"}`);
  $("filters-set").textContent = set.length ? `· ${set.join(", ")}` : "";
  showOnly();
  for (const button of $("genres").children) {
    button.setAttribute("aria-pressed", String(state.genres.includes(button.textContent)));
  }
}

function wireFilters(about) {
  $("genres-field").hidden = !about.genres.length;
  $("genres").replaceChildren(...about.genres.map((genre) =>
    make("button", {
      type: "button",
      "aria-pressed": "false",
      onclick: () => {
        state.genres = state.genres.includes(genre) ? state.genres.filter((one) => one !== genre) : [...state.genres, genre];
        show();
      },
    }, genre)));
  const later = debounced(show, 300);
  for (const name of ["from", "to"]) {
    $(name).placeholder = (name === "from" ? about.first_year : about.last_year) ?? "";
    $(name).value = state[name];
    $(name).oninput = () => {
      // A year that is being typed is no filter yet.
      if ($(name).value && $(name).value.length !== 4) return;
      state[name] = $(name).value;
      later();
    };
  }
  $("length").value = String(state.k);
  $("length").onchange = () => {
    state.k = Number($("length").value);
    show();
  };
}

async function begin() {
  const about = await ask("/about");
  const [thing] = [about.item_word];
  const isFilm = thing === "film" || thing === "movie";
  $("dataset").textContent = `· ${about.dataset}`;
  $("question").textContent = isFilm ? "What to watch next?" : "What next?";
  document.title = `${$("question").textContent} · e2ep`;
  servePosters(about);
  showHow(about);
  wireCopy();
  const ids = kept();
  wireNewcomer(about, show);
  wireUser(about, show);
  wireFilters(about);
  $("skip").onclick = $("peek").onclick = toList;
  new IntersectionObserver(([seen]) => $("peek").classList.toggle("away", seen.isIntersecting || seen.boundingClientRect.top < 0), { rootMargin: "0px 0px -30% 0px" }).observe($("list"));
  for (const as of ["newcomer", "user"]) {
    $(`as-${as}`).onclick = () => {
      state.as = as;
      show();
    };
  }
  await recalled(ids);
  wellKnown = await wellKnownItems();
  showPicks();
  $("filters").open = matchMedia("(min-width: 60rem)").matches && state.genres.length > 0;
  await show();
}

begin().catch((error) => {
  $("problem").textContent = error instanceof Problem ? error.message : "Something went wrong on this page; load it again.";
  $("problem").hidden = false;
  if (!(error instanceof Problem)) console.error(error);
}).finally(() => document.body.classList.remove("loading"));
