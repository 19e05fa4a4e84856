/* Theme: the system's until somebody chooses. A file opened from disk may have no storage. */
page.theme = (() => {
  const { $, all, make, data } = page.dom;
  const root = document.documentElement;
  const media = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : media.matches);
  const nameTheme = () => { $("theme").textContent = dark() ? "Light" : "Dark"; };

  /* Figures by night: the same drawing in the colours of the dark theme, made when it is first dark. */
  const darken = () => {
    if (!dark()) return;
    for (const image of all(".plot img.light")) {
      if (image.nextElementSibling) continue;
      const [head, body] = image.src.split(",", 2);
      const svg = new TextDecoder().decode(Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)));
      const text = data.darker.reduce((drawn, [before, after]) => drawn.replaceAll(before, after), svg);
      const bytes = new TextEncoder().encode(text);
      let letters = "";
      for (let at = 0; at < bytes.length; at += 8192) letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
      const other = make("img", undefined, "dark");
      other.alt = image.alt;
      other.src = `${head},${btoa(letters)}`;
      image.after(other);
    }
  };

  const show = () => { nameTheme(); darken(); };
  const choose = () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("gaitbench-theme", root.dataset.theme); } catch { /* none */ }
    show();
  };
  const start = () => {
    try { const kept = localStorage.getItem("gaitbench-theme"); if (kept) root.dataset.theme = kept; } catch { /* none */ }
    $("theme").addEventListener("click", choose);
    media.addEventListener("change", show);
    show();
  };
  return { start };
})();
