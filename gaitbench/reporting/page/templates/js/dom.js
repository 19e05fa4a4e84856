/* What every file needs: elements by id and selector, new elements (text is never read as HTML), the page's data. */
page.dom = (() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  /* Degrees with their sign; a view that has only a label, by that. */
  const degrees = (view, sign = "°") => (typeof view === "number" ? `${view}${sign}` : view);
  return { $, all, make, degrees, data: JSON.parse($("data").textContent) };
})();
