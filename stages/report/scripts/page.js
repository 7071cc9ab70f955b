/* Elements are made from text, never from markup. */

const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

function make(name, given = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

function draw(name, given, ...inside) {
  const space = document.querySelector("svg").namespaceURI;
  const shape = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(given)) shape.setAttribute(key, value);
  shape.append(...inside);
  return shape;
}

/* What a cell says, without bars and arrows; its second line in parentheses. */
function textOf(cell) {
  const said = [...cell.childNodes].map((node) => {
    if (node.nodeType === Node.ELEMENT_NODE && node.matches(".bar, .way")) return "";
    const text = node.textContent.replace(/\s+/g, " ").trim();
    return text && node.nodeName === "SMALL" ? `(${text})` : text;
  });
  return said.filter(Boolean).join(" ");
}

const dataset = document.querySelector("h1").textContent;
document.documentElement.classList.add("scripted");

/* The file's own date: no clock is inside, so that the same run gives the same bytes. */
if (location.protocol === "file:") {
  const date = new Date(document.lastModified);
  const form = { day: "numeric", month: "long", year: "numeric" };
  document.getElementById("dated").textContent =
    `This file was written on ${date.toLocaleDateString("en-GB", form)}.`;
}
