/* Sorting: within each block of rows; a third click restores the order of the record. */
page.sorting = (() => {
  const { all, make } = page.dom;
  /* A column of figures is sorted by number; a text that looks like a number (a subject "007") stays a text. */
  const keyOf = (row, index) => {
    const cell = row.cells[index], value = cell.dataset.value;
    if (value === undefined) return null;
    return cell.classList.contains("num") && value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  const sortable = (table) => {
    const heads = all("tr.heads th", table);
    const original = all("tbody", table).map((body) => [...body.rows]);
    heads.forEach((head, index) => {
      const button = make("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const next = now === "ascending" ? "descending" : now === "descending" ? null : "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (next) head.setAttribute("aria-sort", next);
        all("tbody", table).forEach((body, number) => {
          const rows = original[number];
          const fixed = (row) => row.classList.contains("section") || row.classList.contains("mean");
          const moving = rows.filter((row) => !fixed(row));
          if (next) {
            moving.sort((one, two) => {
              const a = keyOf(one, index), b = keyOf(two, index);
              if (a === null || b === null) return (a === null) - (b === null);
              return next === "ascending" ? compare(a, b) : compare(b, a);
            });
          }
          const first = rows.filter((row) => row.classList.contains("section"));
          const last = rows.filter((row) => row.classList.contains("mean"));
          body.replaceChildren(...first, ...(next ? [...moving, ...last] : rows.slice(first.length)));
        });
      });
    });
  };
  const start = () => all("figure.table table").forEach(sortable);
  return { sortable, start };
})();
