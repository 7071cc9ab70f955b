/* A user of the data set: who they are, their list, and another ranking's beside it. */

import { ask, query } from "/page/api.js";
import { combobox } from "/page/combobox.js";
import { $, counted, make } from "/page/dom.js";
import { rankingName } from "/page/how.js";
import { itemList, legend } from "/page/items.js";
import { cite, nothing } from "/page/newcomer.js";
import { keep, state, years } from "/page/state.js";

let about;
const key = (one) => `${one.split}/${one.model}/${one.strategy}`;

export function wireUser(aboutRun, onChange) {
  about = aboutRun;
  combobox($("user-search"), $("people"), {
    find: async (typed) => (await ask(query("/users", { q: typed, limit: 8 }))).users,
    show: (user) => [make("span", {}, `User ${user.user_id}`), make("small", {}, counted(user.ratings, "rating"))],
    choose: (user) => {
      state.user = $("user-search").value = user.user_id;
      onChange();
    },
  });
  $("user-search").value = state.user;
  $("anybody").onclick = async () => {
    const { total } = await ask(query("/users", { limit: 1 }));
    const { users } = await ask(query("/users", { limit: 1, offset: Math.floor(Math.random() * total) }));
    state.user = $("user-search").value = users[0].user_id;
    onChange();
  };
  for (const name of ["ranking", "against"]) {
    $(name).onchange = () => {
      state[name] = $(name).value;
      onChange();
    };
  }
  $("ranking").replaceChildren(...grouped(about.rankings));
  if (!about.rankings.some((one) => key(one) === state.ranking)) state.ranking = key(about.usual);
  $("ranking").value = state.ranking;
}

function grouped(rankings) {
  const splits = [...new Set(rankings.map((one) => one.split))];
  const label = (split) => (split === "next" ? "Fitted on all ratings" : `Measured on ${split}`);
  return splits.map((split) =>
    make("optgroup", { label: label(split) },
      ...rankings.filter((one) => one.split === split).map((one) => make("option", { value: key(one) }, rankingName(one)))));
}

/* Only lists of the same split can be compared: others were fitted on other ratings. */
function offerOthers() {
  const others = about.rankings.filter(
    (one) => key(one) !== state.ranking && one.split === state.ranking.split("/")[0]);
  $("against").replaceChildren(make("option", { value: "" }, "no other"),
    ...others.map((one) => make("option", { value: key(one) }, rankingName(one))));
  if (!others.some((one) => key(one) === state.against)) state.against = "";
  $("against").value = state.against;
  for (const name of ["ranking", "against"]) {
    $(`${name}-about`).textContent = about.rankings.find((one) => key(one) === state[name])?.about ?? "";
  }
}

export async function showUser(signal) {
  offerOthers();
  keep();
  if (!state.user) {
    $("person").replaceChildren();
    $("list-sub").textContent = $("said").textContent = "";
    $("columns").replaceChildren(make("div", { class: "empty" },
      make("p", {}, `Choose one of the ${about.users.toLocaleString("en")} people whose ratings the lists were learned from.`),
      make("p", {}, "What they liked, the list that was made for them and why, and how another order of it differs.")));
    return;
  }
  const asked = [state.ranking, state.against].filter(Boolean);
  const lists = await Promise.all(asked.map((name) => listOf(name, signal)));
  const person = lists.find((one) => one.person)?.person ?? (await anyPerson(signal));
  showPerson(person);
  const [first, second] = lists;
  const both = second ? shared(first, second) : [];
  $("list-sub").textContent = second ? "" : first.person ? first.sub : `${first.name} · ${first.sub}`;
  $("said").textContent = second
    ? isSame(first, second) ? "Both lists are the same, in the same order." : `${both.length} of ${first.items.length} are in both lists.`
    : [first.why && `Shown because: ${first.why}.`, reranked(first.items), first.unexplained && "Reasons were made for the whole list: take the filter away to read them."].filter(Boolean).join(" ");
  if (!first.items.length && !second?.items.length) $("columns").replaceChildren(nothing());
  else if (!second) $("columns").replaceChildren(legend(first.items, "they") ?? "", itemList(first.items, null, { onCited: cite, whose: "they" }));
  else $("columns").replaceChildren(make("div", { class: "columns-two" }, column(first, second), column(second, first)));
}

function column(own, other) {
  const places = new Map(other.items.map((item) => [item.item_id, item.rank]));
  const elsewhere = (item) =>
    places.has(item.item_id)
      ? places.get(item.item_id) === item.rank ? "" : `${places.get(item.item_id)} in the other list`
      : "only in this list";
  return make("section", {},
    make("h3", {}, own.name), make("p", {}, own.sub),
    itemList(own.items, null, { onCited: cite, elsewhere, whose: "they" }));
}

const isSame = (first, second) =>
  first.items.map((item) => item.item_id).join() === second.items.map((item) => item.item_id).join();

function reranked(items) {
  const judged = items.filter((item) => item.fused_score !== null && item.fused_score !== undefined);
  if (!judged.length) return "";
  const moved = judged.filter((item) => item.rank !== item.model_rank).length;
  return `${moved} of ${judged.length} stand elsewhere than in the model’s own order.`;
}

const shared = (first, second) =>
  first.items.filter((item) => second.items.some((one) => one.item_id === item.item_id));

async function listOf(name, signal) {
  const ranking = about.rankings.find((one) => key(one) === name);
  const { split, model, strategy, explained } = ranking;
  const which = { user: state.user, split, model, strategy };
  const filters = { genre: state.genres, years: years(about) };
  const isFiltered = state.genres.length > 0 || filters.years !== null;
  const list = await ask(query("/recommend", { ...which, ...filters, k: state.k }), null, signal);
  const reasons = explained ? await explanation(which, signal) : null;
  const known = new Map((reasons?.items ?? []).map((item) => [item.item_id, item]));
  // An explained item keeps its place in the list that is shown, which a filter may change.
  const items = list.items.map((item) => {
    const explainedItem = known.get(item.item_id);
    return explainedItem ? { ...explainedItem, ...item } : item;
  });
  return {
    items,
    name: rankingName(ranking),
    person: reasons?.person,
    why: name === key(about.usual) ? about.why : "",
    unexplained: isFiltered && items.some((item) => !known.has(item.item_id)),
    sub: reasons ? `order: ${reasons.order} · reasons: ${reasons.source}` : "no reasons were made for it",
  };
}

/* Not everybody is explained. */
async function explanation(which, signal) {
  try {
    return await ask(query("/explain", which), null, signal);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null;
  }
}

async function anyPerson(signal) {
  const one = about.rankings.find((ranking) => ranking.explained);
  if (!one) return null;
  const answer = await explanation({ user: state.user, split: one.split, model: one.model, strategy: one.strategy }, signal);
  return answer?.person ?? null;
}

function showPerson(person) {
  if (!person) {
    $("person").replaceChildren(make("p", {}, "Nothing is known of this user."));
    return;
  }
  const names = (items) => make("ul", {}, ...items.map((item) => make("li", { "data-id": item.item_id }, item.name)));
  const named = [[person.liked, "liked"], [person.disliked, "disliked"]].filter(([items]) => items.length);
  $("person").replaceChildren(
    make("p", { class: "overview" }, person.overview),
    make("details", { open: matchMedia("(min-width: 60rem)").matches },
      make("summary", {}, named.map(([items, word]) => `${items.length} ${word}`).join(", ") || "nothing named"),
      ...named.flatMap(([items, word]) => [make("h3", {}, word === "liked" ? "Liked, the best first" : "Disliked"), names(items)])));
}

