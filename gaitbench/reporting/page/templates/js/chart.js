/* The chart's slider: the figures of every curve at one angle. */
page.chart = (() => {
  const { $, make, data } = page.dom;
  const show = () => {
    const at = Number($("angle").value), angle = data.angles[at];
    $("angle-value").textContent = page.dom.degrees(angle);
    $("angle").setAttribute("aria-valuetext", page.dom.degrees(angle, " degrees"));
    $("needle").setAttribute("x1", data.positions[at]);
    $("needle").setAttribute("x2", data.positions[at]);
    const body = $("read-out").tBodies[0];
    body.replaceChildren(...data.series.map((one, number) => {
      const row = make("tr"), point = one.angles[angle];
      row.append(make("td", one.label, `s${number}`));
      const cells = point ? [point.rate, point.interval, point.counts, point.n, point.chance, point.ranks] : ["not run", "–", "–", "–", "–", "–"];
      for (const cell of cells) row.append(make("td", cell, "num"));
      return row;
    }));
  };
  /* Go to an angle, where the chart has it. */
  const moveTo = (angle) => {
    const at = data.angles.map(String).indexOf(angle);
    if (at < 0 || !$("angle")) return;
    $("angle").value = at;
    show();
  };
  const start = () => {
    if (!data.angles.length || !$("angle")) return;
    $("angle").addEventListener("input", show);
    show();
  };
  return { moveTo, start };
})();
