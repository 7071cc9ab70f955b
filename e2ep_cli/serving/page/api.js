/* Asks the server; a token is kept for this tab only. */

import { $ } from "/page/dom.js";

const TOKEN = "e2ep-token";

export class Problem extends Error {}

export async function ask(path, body, signal) {
  const headers = body ? { "content-type": "application/json" } : {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.authorization = `Bearer ${token}`;
  let answer;
  try {
    const how = { method: body ? "POST" : "GET", headers, signal };
    answer = await fetch(path, body ? { ...how, body: JSON.stringify(body) } : how);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("The server does not answer. Is e2ep serve still running?");
  }
  if (answer.status === 401) {
    await newToken();
    return ask(path, body, signal);
  }
  const said = await answer.json();
  if (!answer.ok) throw new Problem(said.error);
  return said;
}

/* The address of a picture in this page; null where the server has none. */
export async function picture(path) {
  const token = sessionStorage.getItem(TOKEN);
  try {
    const answer = await fetch(path, token ? { headers: { authorization: `Bearer ${token}` } } : {});
    return answer.status === 200 ? URL.createObjectURL(await answer.blob()) : null;
  } catch {
    return null;
  }
}

export function query(path, values) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") pairs.append(name, one);
    }
  }
  return `${path}?${pairs}`;
}

let asking = null;

function newToken() {
  asking ??= new Promise((resolve) => {
    const dialog = $("token-dialog");
    const field = $("token");
    $("token-form").onsubmit = () => {
      sessionStorage.setItem(TOKEN, field.value.trim());
      asking = null;
      resolve();
    };
    dialog.oncancel = (event) => event.preventDefault();
    dialog.showModal();
  });
  return asking;
}
