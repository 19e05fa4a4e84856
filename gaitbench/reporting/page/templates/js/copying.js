/* Copying a table as a file has it. */
page.copying = (() => {
  const { $, all, make, data } = page.dom;
  let fading = 0;
  const say = (text) => {
    $("copied").textContent = text;
    clearTimeout(fading);
    fading = setTimeout(() => { $("copied").textContent = ""; }, 2500);
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", text);
      area.setAttribute("aria-hidden", "true");
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("copy refused");
    }
  };
  const start = () => {
    for (const button of all("button[data-copy]")) {
      button.addEventListener("click", () => {
        copy(data.tables[button.dataset.copy][button.dataset.kind])
          .then(() => say("Copied."), () => say("The browser refused to copy; the file lies in tables/."));
      });
    }
  };
  return { start };
})();
