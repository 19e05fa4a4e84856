/* Tables are folded behind their questions: without this script, on paper and for a link to one all of them are open. */
page.folding = (() => {
  const { $, all } = page.dom;
  const folds = () => all("details.fold, details.more");
  const fold = (open) => {
    for (const one of folds()) one.open = open;
    $("fold-all").textContent = open ? "Close all tables" : "Open all tables";
  };
  /* What a link leads to is unfolded, whatever it lies in. */
  const reveal = () => {
    let name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = name && $(name);
    if (!target) return;
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    for (const other of all(".linked")) other.classList.remove("linked");
    if (target.matches("tr")) target.classList.add("linked");
    target.scrollIntoView({ block: target.matches("tr") ? "center" : "start" });
  };
  /* Contents and filters stand at the side of a wide screen; on a narrow one the verdict comes first. */
  const narrow = matchMedia("(max-width: 60rem)");
  const unfoldMenu = () => { $("menu").open = !narrow.matches; };
  const start = () => {
    fold(false);
    unfoldMenu();
    narrow.addEventListener("change", unfoldMenu);
    $("fold-all").addEventListener("click", () => fold(folds().some((one) => !one.open)));
    let before = [];
    addEventListener("beforeprint", () => { before = all("details").filter((one) => !one.open); for (const one of before) one.open = true; });
    addEventListener("afterprint", () => { for (const one of before) one.open = false; });
    addEventListener("hashchange", reveal);
    reveal();
  };
  return { start };
})();
