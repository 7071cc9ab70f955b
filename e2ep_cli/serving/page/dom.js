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

export function debounced(work, wait) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}

export const counted = (number, word, words = `${word}s`) =>
  `${number} ${number === 1 ? word : words}`;
