/* Posters, where the server has them: it asks TMDB, this page asks the server alone. */

import { picture } from "/page/api.js";
import { make } from "/page/dom.js";

let are = false;
const held = new Map(); // item id → the address of its picture, null where there is none

export const servePosters = (about) => { are = about.posters; };

export const hasPosters = () => are;

export function poster(item) {
  const image = make("img", { class: "poster", alt: "", width: 92, height: 138 });
  const frame = make("div", { class: "frame" });
  if (!held.has(item.item_id)) held.set(item.item_id, picture(`/posters/${encodeURIComponent(item.item_id)}`));
  Promise.resolve(held.get(item.item_id)).then((address) => {
    if (!address) return;
    image.src = address;
    frame.append(image);
  });
  return frame;
}
