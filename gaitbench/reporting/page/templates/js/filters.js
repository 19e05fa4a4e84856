/* Filters: rows of another set, angle, attacker or system go; so do columns of another set. */
page.filters = (() => {
  const { $, all, data } = page.dom;
  /* What stays as it is is not written: the browser lays out again only what changed. */
  const hide = (element, hidden) => { if (element.hidden !== hidden) element.hidden = hidden; };
  const span = (cell, count) => { if (cell.colSpan !== count) cell.colSpan = count; };
  const hideRows = (set, angle, attacker, system) => {
    for (const row of all("figure.table tbody tr")) {
      const other = (name, wanted) => wanted !== "" && row.dataset[name] !== undefined && row.dataset[name] !== wanted;
      // A mean over the angles does not stand for one angle.
      const mean = angle !== "" && row.classList.contains("mean");
      hide(row, mean || other("set", set) || other("angle", angle) || other("attacker", attacker) || other("system", system));
    }
    for (const card of all(".card[data-system]")) hide(card, system !== "" && card.dataset.system !== system);
    for (const cell of all("figure.table :is(th, td)[data-set]")) hide(cell, set !== "" && cell.dataset.set !== set);
  };
  /* Heads that span columns or rows follow what they head. */
  const mendHeads = (table) => {
    const heads = all("tr.heads th", table);
    for (const group of all("tr.groups th", table)) {
      const from = Number(group.dataset.from);
      const seen = heads.slice(from, from + Number(group.dataset.span)).filter((head) => !head.hidden).length;
      hide(group, seen === 0);
      if (seen) span(group, seen);
    }
    for (const section of all("tr.section th", table)) span(section, heads.filter((head) => !head.hidden).length);
    for (const body of all("tbody", table)) {
      const rows = [...body.rows], heading = rows.find((row) => row.classList.contains("section"));
      if (heading) hide(heading, rows.every((row) => row === heading || row.hidden));
    }
  };
  /* A table that holds nothing for this choice goes whole: no row, or no column of the set. */
  const hideEmpty = () => {
    let empty = 0;
    for (const figure of all("figure.table")) {
      const rows = all("tbody tr:not(.section, .slides)", figure), columns = all("tr.heads th[data-set]", figure);
      hide(figure, rows.every((row) => row.hidden) || (columns.length > 0 && columns.every((head) => head.hidden)));
      hide(figure.closest("details.fold"), figure.hidden);
      empty += figure.hidden;
    }
    return empty;
  };
  const apply = () => {
    const set = $("filter-set").value, angle = $("filter-angle").value;
    const attacker = $("filter-attacker") ? $("filter-attacker").value : "";
    const system = $("filter-system") ? $("filter-system").value : "";
    hideRows(set, angle, attacker, system);
    all("figure.table table").forEach(mendHeads);
    const empty = hideEmpty();
    if (angle !== "") page.chart.moveTo(angle);
    const walks = page.player.offer(set, angle);
    const on = set || angle !== "" || attacker || system;
    const notes = [];
    if (on) notes.push(`Filtered${walks === 0 ? "; no sampled walk fits" : ""}.`);
    if (on && empty) notes.push(`${empty} table${empty === 1 ? " holds" : "s hold"} nothing for this choice and ${empty === 1 ? "is" : "are"} hidden.`);
    if (attacker && data.attack) notes.push(`The chart still shows: ${data.attack}.`);
    if (system) notes.push(`Chart, figures and sentences still show every system; the line of a table is of all its rows.`);
    $("filter-note").textContent = notes.join(" ");
  };
  const start = () => {
    for (const select of all("#filters select")) select.addEventListener("change", apply);
    $("filters").addEventListener("submit", (event) => event.preventDefault());
  };
  return { apply, start };
})();
