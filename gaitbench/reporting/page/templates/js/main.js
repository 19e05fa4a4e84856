/* What needs the script appears, then every part starts. */
(() => {
  const { $, all } = page.dom;
  for (const element of all("#theme, #filters, .copy, .slider, #player")) element.hidden = false;
  if ($("no-player")) $("no-player").hidden = true;
  for (const part of ["theme", "sorting", "rows", "scrolling", "copying", "chart", "player", "filters"]) if (page[part]) page[part].start();
})();
