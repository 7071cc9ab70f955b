/* One chart over k: the metric and protocol are chosen, a line is switched off in the legend, and
   the slider, the pointer or a finger choose the k whose values stand beside the names. */

function stepsTo(low, high) {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((size) => size * power).find((size) => size >= rough * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(6)));
}

function choiceOf(label, options, changed) {
  const select = make("select", { onchange: changed },
    ...options.map((option) => make("option", {}, option)));
  return [select, make("label", {}, `${label} `, select)];
}

function lengthsChart(place) {
  const table = place.querySelector("table");
  const lengths = columnNames(table).slice(1).map((name) => Number(name.replace("k = ", "")));
  const values = {};
  for (const body of table.tBodies) {
    const rows = bodyRows(body).map((row) => [textOf(row.cells[0]),
      [...row.cells].slice(1).map((cell) => valueOf(cell))]);
    values[`${body.dataset.metric} ${body.dataset.protocol}`] = new Map(rows);
  }
  const parts = (key) => [...new Set([...table.tBodies].map((body) => body.dataset[key]))];
  const [metric, metricLabel] = choiceOf("Metric", parts("metric"), () => show());
  const [protocol, protocolLabel] = choiceOf("Protocol", parts("protocol"), () => show());
  const zero = make("input", { type: "checkbox", checked: true, onchange: () => show() });
  const chosen = lengths.indexOf(10) < 0 ? lengths.length - 1 : lengths.indexOf(10);
  const slider = make("input", { type: "range", min: 0, max: lengths.length - 1, value: chosen,
    oninput: () => show() });
  const at = make("b");
  const figure = place.querySelector("figure");
  const legend = figure.querySelector(".legend") ?? make("ul", { class: "legend" });
  const lines = [...legend.children].map((item) => lineOf(item, () => show()));
  const panel = make("div", { class: "drawn" });
  const caption = figure.querySelector("figcaption strong");

  figure.querySelector(".panels").replaceWith(panel);
  figure.prepend(make("div", { class: "choose" }, metricLabel, protocolLabel,
    make("label", {}, zero, " from zero")));
  panel.after(make("label", { class: "at" }, at, slider));
  panel.addEventListener("pointermove", point);
  panel.addEventListener("pointerdown", point);
  new ResizeObserver(() => show()).observe(panel);
  document.addEventListener("switched", () => show());

  function point(event) {
    const { left, width } = panel.getBoundingClientRect();
    const [start, end] = [44, width - 14];
    const value = lengths[0] + ((event.clientX - left - start) / (end - start)) * (lengths.at(-1) - lengths[0]);
    const away = lengths.map((k) => Math.abs(k - value));
    slider.value = away.indexOf(Math.min(...away));
    show();
  }

  function show() {
    const rows = values[`${metric.value} ${protocol.value}`] ?? new Map();
    const k = Number(slider.value);
    at.textContent = `k = ${lengths[k]}`;
    slider.setAttribute("aria-label", "k, the length of the list");
    slider.setAttribute("aria-valuetext", at.textContent);
    const seen = lines.filter((line) => {
      line.item.hidden = !rows.has(line.name) || !isShown(line.name);
      return !line.item.hidden && line.box.checked;
    });
    const best = Math.max(...seen.map((line) => rows.get(line.name)[k] ?? -Infinity));
    for (const line of lines) {
      const value = rows.get(line.name)?.[k];
      line.value.textContent = typeof value === "number" ? value.toFixed(3) : "–";
      line.value.classList.toggle("best", value === best && seen.includes(line));
    }
    caption.textContent = `${place.dataset.name}, ${protocol.value} protocol, ${metric.value}.`;
    panel.replaceChildren(picture(seen, rows, k));
  }

  function picture(seen, rows, k) {
    const width = Math.max(panel.clientWidth, 240);
    const height = width < 480 ? 240 : 320;
    const [left, right, top, bottom] = [44, width - 14, 12, height - 40];
    const all = seen.flatMap((line) => rows.get(line.name)).filter((one) => one !== null);
    const ticks = stepsTo(zero.checked ? 0 : Math.min(...all, 1), Math.max(...all, 0.001));
    const x = (value) => left + ((value - lengths[0]) / (lengths.at(-1) - lengths[0] || 1)) * (right - left);
    const y = (value) => bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (bottom - top);
    const words = seen.map((line) => `${line.name} ${rows.get(line.name)[k]}`).join("; ");
    const chart = draw("svg", { class: "chart lines", viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": `${metric.value}, ${protocol.value} protocol, at k = ${lengths[k]}: ${words}` });
    const say = (kind, across, down, text) => chart.append(draw("text", { class: kind, x: across, y: down }, text));
    for (const tick of ticks) {
      chart.append(draw("path", { class: "grid", d: `M${left} ${y(tick)}H${right}` }));
      say("tick end", left - 7, y(tick) + 4, `${tick}`);
    }
    chart.append(draw("path", { class: "guide", d: `M${x(lengths[k])} ${top}V${bottom}` }));
    for (const one of lengths) say("tick middle", x(one), bottom + 16, `${one}`);
    say("tick middle", (left + right) / 2, bottom + 34, "k, the length of the list");
    for (const line of seen.toReversed()) {
      const points = rows.get(line.name).map((value, one) => [x(lengths[one]), value]);
      const known = points.filter(([, value]) => typeof value === "number");
      const stroke = line.stroke.cloneNode();
      stroke.setAttribute("d", `M${known.map(([across, value]) => `${across} ${y(value)}`).join("L")}`);
      chart.append(stroke);
      for (const [across, value] of known) {
        const mark = line.mark.cloneNode();
        mark.setAttribute("transform", `translate(${across} ${y(value)}) scale(${across === x(lengths[k]) ? 1.5 : 1})`);
        chart.append(mark);
      }
    }
    return chart;
  }
}

/* An entry of the legend, with a switch and a place for its value. */
function lineOf(item, changed) {
  const name = item.textContent.trim();
  const [stroke, mark] = $$("path", item);
  const box = make("input", { type: "checkbox", checked: true, onchange: changed });
  const value = make("span", { class: "value" });
  item.replaceChildren(make("label", {}, box, item.querySelector("svg"), ` ${name} `), value);
  return { item, name, stroke, mark, box, value };
}

$$(".lengths").forEach(lengthsChart);
