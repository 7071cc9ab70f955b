/* Elements from text: what comes from the server is never read as markup. */

export const $ = (id) => document.getElementById(id);

export function make(name, given = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...inside.filter((one) => one !== null && one !== undefined));
  return element;
}

const THUMB = "M7 10.5V20H4.2A1.2 1.2 0 0 1 3 18.8v-7.1a1.2 1.2 0 0 1 1.2-1.2H7Zm0 0 4.3-7.6c1.5 0 2.5 1 2.5 2.4V9h5.1a2 2 0 0 1 2 2.3l-1.1 7A2 2 0 0 1 17.8 20H7";

/* A thumb up; a style turns it down. */
export function thumb() {
  const [picture, line] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  line.setAttribute("d", THUMB);
  picture.append(line);
  return picture;
}

export function debounced(work, wait) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}

export const counted = (number, word, words = `${word}s`) =>
  `${number} ${number === 1 ? word : words}`;
