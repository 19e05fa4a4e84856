/* Long tables show what counts; a table of all rows is built when somebody asks for it. */
page.rows = (() => {
  const { $, all, make, data } = page.dom;
  /* A figure comes as a number, anything else as a text; null was not run. */
  const shown = (value) => {
    if (value === null || value === "") return "–";
    if (typeof value !== "number" || Number.isInteger(value)) return String(value);
    return value.toFixed(Math.abs(value) >= 10 ? 2 : 4);
  };
  const head = (names, figures) => {
    const line = make("tr", undefined, "heads"), top = make("thead");
    names.forEach((name, i) => {
      const cell = make("th", undefined, figures[i] ? "num" : "");
      cell.scope = "col";
      cell.append(make("span", name.replaceAll("_", " ")));
      line.append(cell);
    });
    top.append(line);
    return top;
  };
  const line = (names, row, figures) => {
    const made = make("tr");
    row.forEach((value, i) => {
      const cell = make("td", shown(value), figures[i] ? "num" : "");
      if (value !== null && value !== "") cell.dataset.value = value;
      if (names[i] === "source" && ["slides", "chance"].includes(value)) made.classList.add("slides");
      if (value === "mean") made.classList.add("mean");
      else if (value !== null && ["set", "angle", "attacker"].includes(names[i])) made.dataset[names[i]] = value;
      if (["anonymizer", "control"].includes(names[i]) && data.systems.includes(value)) made.dataset.system = value;
      made.append(cell);
    });
    return made;
  };
  /* The cells of a CSV file, as its writer quotes them: within quotes a quote is doubled, commas and line feeds stay. */
  const cells = (text) => {
    const lines = [];
    let line = [], cell = "", quoted = false;
    for (let i = 0; i < text.length; i++) {
      const sign = text[i];
      if (quoted && sign === '"' && text[i + 1] === '"') { cell += sign; i++; }
      else if (sign === '"') quoted = !quoted;
      else if (quoted || (sign !== "," && sign !== "\n")) cell += sign;
      else {
        line.push(cell);
        cell = "";
        if (sign === "\n") { lines.push(line); line = []; }
      }
    }
    return lines;
  };
  /* A name of digits, such as 081, stays a text; the apostrophe that keeps a spreadsheet from formulas goes. */
  const value = (text) => /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text.replace(/^'(?= *[=+@\t\n-])/, "");
  const wholeTable = (name) => {
    let [names, ...rows] = cells(data.tables[name].csv);
    rows = rows.map((row) => row.map(value));
    // Where a figure comes from is the same almost everywhere: it goes last.
    const last = (row) => [...row.slice(1), row[0]];
    if (names[0] === "source") { names = last(names); rows = rows.map(last); }
    const figures = names.map((_, i) => rows.some((row) => typeof row[i] === "number"));
    const table = make("table", undefined, "whole"), body = make("tbody");
    body.append(...rows.map((row) => line(names, row, figures)));
    table.append(head(names, figures), body);
    page.sorting.sortable(table);
    return table;
  };
  const start = () => {
    for (const button of all("button[data-all]")) {
      const scroll = $(button.dataset.all).querySelector(".scroll"), few = scroll.firstElementChild, more = button.textContent;
      let whole = null;
      button.addEventListener("click", () => {
        whole ??= wholeTable(button.dataset.all);
        const open = few.isConnected;
        scroll.replaceChildren(open ? whole : few);
        button.textContent = open ? "Fewer rows" : more;
        button.setAttribute("aria-expanded", String(open));
        page.filters.apply();
      });
    }
  };
  return { start };
})();
