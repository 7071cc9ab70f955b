/* The value of any mark of a chart: by touch or pointer, or by the arrow keys. */

for (const figure of $$("main figure")) {
  if (figure.closest(".lengths")) continue;
  const charts = $$("svg.chart", figure).filter((chart) => chart.querySelector("path > title"));
  if (!charts.length) continue;
  const hint = "Tap a mark, or use the arrow keys, to read its value.";
  const said = make("output", { class: "reading hint" }, hint);
  const last = figure.querySelector("figcaption");
  last ? last.before(said) : figure.append(said);
  for (const chart of charts) readable(chart, figure, said);
}

function readable(chart, figure, said) {
  const marks = $$("path > title", chart).map((title) => title.parentNode);
  const name = chart.querySelector("text.name");
  let at = -1;
  const slider = { role: "slider", tabindex: "0", "aria-valuemin": 0, "aria-valuenow": 0,
    "aria-valuemax": marks.length, "aria-valuetext": chart.getAttribute("aria-label"),
    "aria-label": `${name.textContent}, values` };
  for (const [key, value] of Object.entries(slider)) chart.setAttribute(key, value);
  const show = (place) => {
    for (const mark of $$(".read-mark", figure)) mark.classList.remove("read-mark");
    at = Math.max(0, Math.min(place, marks.length - 1));
    marks[at].classList.add("read-mark");
    const text = marks[at].querySelector("title").textContent;
    chart.setAttribute("aria-valuenow", at + 1);
    chart.setAttribute("aria-valuetext", text);
    said.classList.remove("hint");
    said.textContent = `${name.textContent}: ${text}`;
  };
  chart.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
      Home: 0, End: marks.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(steps[event.key]);
  });
  chart.addEventListener("click", (event) => {
    const away = marks.map((mark) => {
      const box = mark.getBoundingClientRect();
      return Math.hypot(Math.max(box.left - event.clientX, 0, event.clientX - box.right),
        Math.max(box.top - event.clientY, 0, event.clientY - box.bottom));
    });
    show(away.indexOf(Math.min(...away)));
  });
}
