/* What a word means, beside it: on hover and on the keyboard's focus; Escape takes it away. The words are the glossary's. */
page.terms = (() => {
  const { $, all } = page.dom;
  const meaning = (element) => {
    const id = element.dataset.term || (element.getAttribute("href") || "").slice(1);
    return id && $(id) ? `${$(id).textContent}: ${$(id).nextElementSibling.textContent}` : "";
  };
  let shown = null, dismissed = null;
  const hide = () => { shown = null; $("tip").hidden = true; };
  const show = (element) => {
    const text = meaning(element);
    if (!text) return;
    shown = element;
    const tip = $("tip"), box = element.getBoundingClientRect();
    tip.textContent = text;
    tip.hidden = false;
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8));
    const below = box.bottom + 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${below + tip.offsetHeight > innerHeight ? Math.max(4, box.top - tip.offsetHeight - 6) : below}px`;
  };
  const termOf = (event) => (event.target.closest ? event.target.closest("a.term, [data-term]") : null);
  const start = () => {
    for (const head of all("th[data-term] button")) head.setAttribute("aria-describedby", `${head.closest("th").dataset.term}-meaning`);
    for (const link of all("a.term")) link.setAttribute("aria-describedby", `${link.getAttribute("href").slice(1)}-meaning`);
    // A page that scrolls under the mouse takes no word away from the keyboard; Escape does.
    document.addEventListener("mouseover", (event) => {
      const term = termOf(event) || termOf({ target: document.activeElement });
      if (term && term !== dismissed) show(term); else hide();
    });
    document.addEventListener("focusin", (event) => {
      const term = termOf(event);
      dismissed = null;
      if (term) show(term); else hide();
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") { dismissed = shown; hide(); } });
    document.addEventListener("scroll", () => { if (shown) show(shown); }, { passive: true, capture: true });
  };
  return { start };
})();
