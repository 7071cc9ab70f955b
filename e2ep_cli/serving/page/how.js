/* How the lists were made, and how an application asks for them. */

import { $, make } from "/page/dom.js";
import { named } from "/page/state.js";

export function showHow(about) {
  $("simulated").hidden = !about.simulated;
  const counts = `${about.items.toLocaleString("en")} ${about.items_word}, ${about.users.toLocaleString("en")} users, ${about.ratings.toLocaleString("en")} ratings`;
  const made = about.made ? ` · made ${about.made.replace("T", " ").slice(0, 16)}` : "";
  const facts = { ...about.facts, "How many": counts, "Run": `${about.run}${made} · e2ep ${about.version}` };
  $("facts").replaceChildren(
    ...Object.entries(facts).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))),
  );
  $("rankings").tBodies[0].replaceChildren(
    ...about.rankings.map((one) =>
      make("tr", {},
        make("th", { scope: "row" }, rankingName(one), make("small", {}, one.about)),
        make("td", {}, one.split),
        make("td", { class: "number" }, one.ndcg === null ? "–" : one.ndcg.toFixed(3)))),
  );
  $("mcp").textContent = `${location.origin}/mcp`;
}

export const rankingName = (one) =>
  one.strategy === "none" ? one.model : `${one.model}, reranked by ${one.strategy}`;

/* The request behind the list that is shown, with its first likes. */
export function showExample(picks) {
  const liked = named("liked").length ? picks.filter((pick) => pick.kind === "liked") : picks;
  const body = JSON.stringify({ liked: liked.slice(0, 3).map((pick) => pick.name), k: 3 });
  $("example").textContent = [
    `curl -s ${location.origin}/explain \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join("\n");
}

export function wireCopy() {
  $("copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText($("example").textContent);
      $("copied").textContent = "copied";
    } catch {
      getSelection().selectAllChildren($("example"));
      $("copied").textContent = "selected: copy with your keyboard";
    }
  };
}
