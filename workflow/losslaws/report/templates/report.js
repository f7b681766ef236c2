"use strict";

// Sorting: numbers by their exact value, everything else as text; empty cells stay at the end.
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") === "ascending";
      const sign = descending ? -1 : 1;
      const rows = [...table.tBodies[0].rows];
      const value = (row) => row.cells[column].dataset.value;
      const numeric = rows.every((row) => value(row) === "" || !Number.isNaN(Number(value(row))));
      rows.sort((one, other) => {
        const [a, b] = [value(one), value(other)];
        if (a === "" || b === "") return (a === "") - (b === "");
        return sign * (numeric ? Number(a) - Number(b) : a.localeCompare(b));
      });
      headings.forEach((other) => other.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      table.tBodies[0].append(...rows);
    });
  });
}

const charts = JSON.parse(document.getElementById("charts").textContent);
const positive = (values) => values.map((value) => (value > 0 ? value : null));

// Ticks of a logarithmic axis: powers of ten, and 2 and 5 times them where few are in view.
function logTicks(plot, axis, low, high) {
  const steps = high / low < 100 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const step of steps) ticks.push(Number(`${step}e${power}`));
  }
  const most = 12;
  const kept = ticks.filter((tick) => tick >= low && tick <= high);
  return kept.filter((_, place) => place % Math.ceil(kept.length / most) === 0);
}

const tickLabel = (value) =>
  value === null ? "" : value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5) ? value.toExponential(0) : String(value);
const tickLabels = (plot, ticks) => ticks.map(tickLabel);

function drawChart(box, chart) {
  const laws = Object.keys(chart.laws);
  const style = (law) => ({ label: law, stroke: charts.colours[law], width: 1.5, points: { show: false } });
  const dots = { stroke: "#777777", width: 0, points: { show: true, size: 4, fill: "#777777" } };
  const shared = { width: Math.max(box.clientWidth, 280), cursor: { sync: { key: box.parentElement.id } } };
  const asDrawn = (plot, low, high) => [low, high];
  const x = { time: false, distr: 3, range: asDrawn };
  const axis = { stroke: "#1c1e21", grid: { stroke: "#e3e6e9", width: 1 }, values: tickLabels };
  const logarithmic = { ...axis, splits: logTicks };
  new uPlot(
    {
      ...shared,
      height: 320,
      scales: { x, y: { distr: 3, range: asDrawn } },
      axes: [logarithmic, { ...logarithmic, label: "loss", size: 70 }],
      series: [{ label: "t" }, { label: "loss", ...dots }, ...laws.map(style)],
    },
    [chart.t, positive(chart.loss), ...laws.map((law) => positive(chart.laws[law]))],
    box,
  );
  const residuals = laws.map((law) =>
    chart.loss.map((loss, place) => {
      const value = chart.laws[law][place];
      return loss === null || value === null ? null : loss - value;
    }),
  );
  new uPlot(
    {
      ...shared,
      height: 180,
      scales: { x },
      axes: [{ ...logarithmic, label: "t" }, { ...axis, label: "loss − law", size: 70 }],
      series: [{ label: "t" }, ...laws.map(style)],
      legend: { show: false },
    },
    [chart.t, ...residuals],
    box,
  );
}

// A chart is drawn when its section is opened for the first time.
for (const details of document.querySelectorAll("#curves details")) {
  details.addEventListener(
    "toggle",
    () => drawChart(details.querySelector(".chart"), charts.curves[Number(details.dataset.number)]),
    { once: true },
  );
}

// A link to a curve opens its section.
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}
window.addEventListener("hashchange", openTarget);
openTarget();
