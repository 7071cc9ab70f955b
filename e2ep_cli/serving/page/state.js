/* What the person has chosen; the part of the address after # keeps it, which no server sees. */

export const state = {
  as: "newcomer",
  picks: [], // {item_id, name, title, year, kind}: the latest last
  genres: [],
  from: "",
  to: "",
  k: 10,
  age: "",
  gender: "",
  user: "",
  ranking: "",
  against: "",
};

export const named = (kind) => state.picks.filter((pick) => pick.kind === kind).map((pick) => pick.item_id);

export const years = (about) => {
  if (!state.from && !state.to) return null;
  const low = String(state.from || about.first_year || 0).padStart(4, "0").slice(-4);
  const high = String(state.to || about.last_year || 9999).padStart(4, "0").slice(-4);
  return low <= high ? `${low}-${high}` : `${high}-${low}`;
};

export function keep() {
  const kept = new URLSearchParams();
  const put = (name, value) => value && kept.set(name, value);
  if (state.as === "user") {
    kept.set("user", state.user);
    put("ranking", state.ranking);
    put("against", state.against);
  } else {
    put("likes", named("liked").join("~"));
    put("dislikes", named("disliked").join("~"));
    put("age", state.age);
    put("gender", state.gender);
  }
  put("genres", state.genres.join("~"));
  put("from", state.from);
  put("to", state.to);
  put("k", state.k === 10 ? "" : String(state.k));
  history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname);
}

export function kept() {
  const said = new URLSearchParams(location.hash.slice(1));
  const many = (name) => (said.get(name) ? said.get(name).split("~") : []);
  state.as = said.has("user") ? "user" : "newcomer";
  state.user = said.get("user") ?? "";
  for (const name of ["ranking", "against", "age", "gender", "from", "to"]) state[name] = said.get(name) ?? "";
  state.genres = many("genres");
  state.k = Number(said.get("k")) || 10;
  return { liked: many("likes"), disliked: many("dislikes") };
}
