/* Explained users, found by anything that stands in their profile or their list. */

for (const place of $$(".find")) {
  const people = $$("details.person").map((person) => [person, person.textContent.toLowerCase()]);
  const count = make("output", { class: "count" });
  const field = make("input", { type: "search", autocomplete: "off", id: "find-user",
    placeholder: place.dataset.placeholder });
  const all = `${people.length} of the ${place.dataset.of} users with a list are on this page.`;
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const number = /^\d+$/.test(field.value.trim());
    const left = people.filter(([person, text]) => {
      const id = person.dataset.user.toLowerCase();
      const fits = number ? id.startsWith(words[0]) : words.every((word) => text.includes(word));
      person.hidden = !fits;
      return fits;
    });
    if (words.length && left.length === 1) left[0][0].open = true;
    const none = `None of the ${people.length} users here: e2ep explain --user explains any of ` +
      `${place.dataset.of}, and report.users in params.yaml puts more on this page.`;
    count.textContent = !words.length ? all : left.length ? `${left.length} found` : none;
  });
  count.textContent = all;
  place.append(make("label", { for: "find-user" }, "Find"), field, count);
}
