/* What needs the script appears, then every part starts. */
(() => {
  const { $, all } = page.dom;
  for (const element of all("#theme, #filters, .copy, .slider, #player, #fold-all, #pair")) element.hidden = false;
  if ($("no-player")) $("no-player").hidden = true;
  for (const part of ["theme", "sorting", "rows", "scrolling", "copying", "chart", "player", "pair", "filters", "terms", "folding"]) if (page[part]) page[part].start();
})();
