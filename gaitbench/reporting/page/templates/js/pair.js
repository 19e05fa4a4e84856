/* Two systems side by side: their answers in one table, and the player with these two alone, in step. */
page.pair = (() => {
  const { $, make, data } = page.dom;
  const apply = () => {
    const chosen = ["pair-left", "pair-right"].map((id) => data.pairs.find((one) => one.name === $(id).value));
    const on = chosen[0] && chosen[1];
    $("pair-table").hidden = !on;
    page.player.only(on ? chosen.map((one) => one.strip) : null);
    if (!on) { $("pair-note").textContent = ""; return; }
    const questions = [...new Set(chosen.flatMap((one) => one.facts.map(([question]) => question)))];
    const head = make("tr");
    for (const text of ["", ...chosen.map((one) => one.name)]) {
      const cell = make(text ? "th" : "td", text);
      if (text) cell.scope = "col";
      head.append(cell);
    }
    $("pair-table").tHead.replaceChildren(head);
    $("pair-table").tBodies[0].replaceChildren(...questions.map((question) => {
      const row = make("tr"), name = make("th", question);
      name.scope = "row";
      row.append(name, ...chosen.map((one) => make("td", (one.facts.find(([asked]) => asked === question) || ["", "–"])[1])));
      return row;
    }));
    const dark = chosen.filter((one) => !one.strip).map((one) => one.name);
    const notes = [];
    if (!questions.length) notes.push("No figure of this run is about either of them alone.");
    if (dark.length) notes.push(`No pictures of ${dark.join(" and ")} were stored.`);
    $("pair-note").textContent = notes.join(" ");
  };
  const start = () => {
    if (!$("pair")) return;
    for (const id of ["pair-left", "pair-right"]) $(id).addEventListener("change", apply);
  };
  return { start };
})();
