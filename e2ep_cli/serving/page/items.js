/* A list of recommended items: place, reason with its evidence, and what the score is made of. */

import { make, thumb } from "/page/dom.js";
import { hasPosters, poster } from "/page/posters.js";

const PARTS = {
  popular: "What most people like",
  graph: "Network of who likes what",
  linear: "Liked with what you like",
  sequence: "Taken up after what you like",
};

/* whose: "you" at the page, "they" for a user. */
const partName = (name, whose) => (PARTS[name] ?? name).replace("you like", `${whose} like`);

/* The prior less what is taken off for popularity is one thing to a person. */
function parts(item) {
  if (!item.parts) return null;
  const { prior = 0, popularity = 0, ...others } = item.parts;
  return { popular: prior + popularity, ...others };
}

export function itemList(items, before, options) {
  const most = Math.max(...items.flatMap((item) => Object.values(parts(item) ?? {}).map(Math.abs)), 1e-9);
  const total = Math.max(...items.map((item) => positive(item)), 1e-9);
  return make("ol", { class: hasPosters() && !options.elsewhere ? "items framed" : "items" }, ...items.map((item) => row(item, before, most, total, options)));
}

const positive = (item) =>
  Object.values(parts(item) ?? {}).reduce((sum, value) => sum + Math.max(value, 0), 0);

function row(item, before, most, total, { onCited, onPick, elsewhere, whose = "you" }) {
  const made = parts(item);
  const cited = [...new Set((item.claims ?? []).flatMap((claim) => claim.cited.map((one) => one.item_id)))];
  const element = make("li", {
    class: "item",
    "data-id": item.item_id,
    onmouseenter: () => onCited?.(cited),
    onmouseleave: () => onCited?.([]),
    onfocusin: () => onCited?.(cited),
    onfocusout: () => onCited?.([]),
  });
  const was = before?.get(item.item_id);
  const head = make("h3", {}, item.title, " ", make("span", { class: "year" }, item.year ?? ""));
  const kinds = [item.genres.join(", "), elsewhere ? "" : item.people.slice(0, 3).join(", ")].filter(Boolean).join(" · ");
  element.append(
    make("p", { class: "rank", "aria-hidden": "true" }, String(item.rank)),
    hasPosters() && !elsewhere ? poster(item) : "",
    make("div", { class: "body" },
      make("div", { class: "top" }, head, elsewhere ? null : moved(item, was, before)),
      make("p", { class: "kinds" }, kinds, elsewhere ? make("span", { class: "elsewhere" }, elsewhere(item)) : null),
      item.overview && !elsewhere ? plot(item) : null,
      item.reason === undefined ? null : reason(item),
      made ? scoreBar(item, made, most, total, whose) : null,
    ),
    onPick ? pickButtons(item, onPick) : "",
  );
  return element;
}

/* Two lines of what it is about, and all of it when they are opened. */
const plot = (item) => make("details", { class: "plot", title: "What it is about" }, make("summary", {}, make("span", {}, item.overview)));

function moved(item, was, before) {
  if (item.model_rank !== undefined && item.fused_score !== null && item.fused_score !== undefined) {
    const rise = item.model_rank - item.rank;
    if (!rise) return null;
    return make("span", { class: "moves" }, `the model had it at ${item.model_rank} `,
      make("b", { class: rise > 0 ? "up" : "down" }, rise > 0 ? `▲ ${rise}` : `▼ ${-rise}`));
  }
  if (!before) return null;
  if (was === undefined) return make("span", { class: "moves new" }, "new");
  if (was === item.rank) return null;
  const rise = was - item.rank;
  return make("span", { class: `moves ${rise > 0 ? "up" : "down"}` },
    make("span", { class: "unseen" }, rise > 0 ? "up " : "down "), `${rise > 0 ? "▲" : "▼"} ${Math.abs(rise)}`);
}

/* The sentence as the server says it, with what is cited and shared marked. */
function reason(item) {
  if (!item.reason) {
    const none = item.claims ? "Nothing that you share with it in words: its score alone places it here." : "";
    return make("p", { class: "reason none" }, none);
  }
  const titles = new Map();
  for (const claim of item.claims) {
    for (const one of claim.cited) titles.set(one.name.replace(/ \(\d{4}\)$/, ""), "cited");
    titles.set(claim.kind === "tag" ? `“${claim.attribute}”` : claim.attribute, "shared");
  }
  const words = [...titles.keys()].sort((one, other) => other.length - one.length);
  const said = make("p", { class: "reason" });
  let rest = item.reason;
  while (rest) {
    const hits = words.map((word) => [rest.indexOf(word), word]).filter(([at]) => at >= 0);
    if (!hits.length) break;
    const [at, word] = hits.reduce((one, other) => (other[0] < one[0] ? other : one));
    said.append(rest.slice(0, at), titles.get(word) === "cited" ? make("mark", {}, word) : make("em", {}, word));
    rest = rest.slice(at + word.length);
  }
  said.append(rest);
  return said;
}

function scoreBar(item, made, most, total, whose) {
  const stack = make("span", { class: "stack", "aria-hidden": "true" });
  for (const [name, value] of Object.entries(made)) {
    if (value > 0) stack.append(sized("i", name, value / total));
  }
  const rows = Object.entries(made).map(([name, value]) =>
    make("div", { class: value < 0 ? "less" : "" },
      make("dt", {}, partName(name, whose)),
      make("dd", {}, sized("i", name, Math.abs(value) / most), make("span", {}, value.toFixed(2).replace("-", "−")))));
  return make("details", { class: "score" },
    make("summary", {}, make("span", { class: "score-name" }, "Score"), " ", stack, make("span", { class: "value" }, item.score.toFixed(2))),
    make("dl", { class: "parts" }, ...rows),
    make("p", {}, "Higher is better within this list; the number means nothing beyond it."),
    item.judge === null || item.judge === undefined ? null : make("p", {}, `The judge gave it ${item.judge.toFixed(0)} of 100; with its place in the model’s order that makes ${(100 * item.fused_score).toFixed(1)}, which orders this list.`));
}

export function legend(items, whose = "you") {
  const names = [...new Set(items.flatMap((item) => Object.keys(parts(item) ?? {})))];
  if (!names.length) return null;
  return make("ul", { class: "legend", "aria-label": "Colours of the score" },
    ...names.map((name) => make("li", {}, make("i", { class: `bar ${name}` }), partName(name, whose))));
}

function sized(name, kind, share) {
  const element = make(name, { class: `bar ${kind}` });
  element.style.setProperty("--share", Math.min(1, share).toFixed(4));
  return element;
}

function pickButtons(item, onPick) {
  return make("div", { class: "judge" },
    make("button", { type: "button", class: "like", onclick: () => onPick(item, "liked"), "aria-label": `Like ${item.name}`, title: "I like it" }, thumb()),
    make("button", { type: "button", class: "dislike", onclick: () => onPick(item, "disliked"), "aria-label": `Dislike ${item.name}`, title: "Not for me" }, thumb()));
}

export function changeDetails(change, length, open, onToggle) {
  const names = (items) => items.map((item) => item.name).join(", ");
  return make("details", { class: "brings", open, ontoggle: (event) => onToggle(event.target.open) },
    make("summary", {}, change.gone.length ? `${change.gone.length} of these ${length} ${change.gone.length === 1 ? "is" : "are"} here because of it` : "moves some up or down, adds none"),
    change.gone.length ? make("p", {}, make("b", {}, "Without it, these leave: "), names(change.gone), ".") : null,
    change.new.length ? make("p", {}, make("b", {}, "In their place: "), names(change.new), ".") : null);
}
