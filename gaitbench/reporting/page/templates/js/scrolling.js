/* A hint where a box scrolls sideways; a box in closed details gets its size when it is opened. */
page.scrolling = (() => {
  const { all } = page.dom;
  const start = () => {
    const watch = new ResizeObserver((entries) => {
      for (const { target } of entries) target.parentElement.classList.toggle("over", target.scrollWidth > target.clientWidth + 1);
    });
    for (const box of all("figure > .scroll")) watch.observe(box);
  };
  return { start };
})();
