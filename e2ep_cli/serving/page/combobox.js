/* A field with suggestions, as the ARIA practices describe a combobox with a listbox. */

import { make } from "/page/dom.js";

export function combobox(field, box, { find, show, choose }) {
  let options = [];
  let active = -1;
  let asked = 0;

  const close = () => {
    box.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const mark = (place) => {
    active = place;
    [...box.children].forEach((option, at) => {
      option.setAttribute("aria-selected", at === place ? "true" : "false");
      if (at === place) option.scrollIntoView({ block: "nearest" });
    });
    if (place >= 0) field.setAttribute("aria-activedescendant", box.children[place].id);
    else field.removeAttribute("aria-activedescendant");
  };

  const take = (place, event) => {
    const chosen = options[place];
    close();
    if (chosen) choose(chosen, event);
  };

  async function update() {
    const own = ++asked;
    let found;
    try {
      found = await find(field.value.trim());
    } catch {
      return;
    }
    if (own !== asked || document.activeElement !== field) return;
    options = found;
    box.replaceChildren(
      ...options.map((option, place) =>
        make("li", {
          id: `${box.id}-${place}`,
          role: "option",
          "aria-selected": "false",
          // The field keeps the focus, so that the keyboard goes on from there.
          onmousedown: (event) => event.preventDefault(),
          onclick: (event) => take(place, event),
        }, ...show(option, field.value.trim())),
      ),
    );
    if (!options.length && field.value.trim()) {
      box.replaceChildren(make("li", { class: "none", role: "option", "aria-disabled": "true" }, "Nothing has that name"));
    }
    box.hidden = !box.children.length;
    field.setAttribute("aria-expanded", String(!box.hidden));
    mark(options.length && field.value.trim() ? 0 : -1);
  }

  field.addEventListener("input", update);
  field.addEventListener("focus", update);
  field.addEventListener("blur", () => setTimeout(close, 0));
  field.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && options.length) {
      event.preventDefault();
      if (box.hidden) update();
      else mark((active + steps[event.key] + options.length) % options.length);
    } else if (event.key === "Enter" && !box.hidden && active >= 0) {
      event.preventDefault();
      take(active, event);
    } else if (event.key === "Escape") {
      if (!box.hidden) event.preventDefault();
      close();
    }
  });
  return { close, update };
}
