/* Player: a strip holds the frames side by side; one canvas per system shows the same frame. */
page.player = (() => {
  const { $, make, data } = page.dom;
  const player = $("player");
  let walk = null, frame = 0, timer = 0, screens = [], wanted = null, offered = null;
  const draw = () => {
    $("frame").value = frame;
    $("frame-value").textContent = `${frame + 1}/${walk.frames}`;
    $("frame").setAttribute("aria-valuetext", `${frame + 1} of ${walk.frames}`);
    for (const { canvas, image } of screens) {
      if (!image.complete || !image.naturalWidth) continue;
      canvas.getContext("2d").drawImage(image, frame * walk.width, 0, walk.width, walk.height, 0, 0, walk.width, walk.height);
    }
  };
  const stop = () => { clearInterval(timer); timer = 0; $("play").textContent = "Play"; };
  const step = (by) => { frame = (frame + by + walk.frames) % walk.frames; draw(); };
  const play = () => {
    if (timer) { stop(); return; }
    timer = setInterval(() => step(1), 1000 / Number($("speed").value));
    $("play").textContent = "Pause";
  };
  const load = () => {
    walk = data.samples[Number($("walk").value)];
    frame = Math.min(frame, walk.frames - 1);
    $("frame").max = walk.frames - 1;
    $("walk-note").textContent = `${walk.frames} frames of ${walk.height} × ${walk.width} pixels, seen from ${page.dom.degrees(walk.angle)}; sets: ${walk.sets.join(", ") || "none"}.`;
    const seen = walk.strips.filter(([name], at) => !wanted || at === 0 || wanted.includes(name));
    $("screens").classList.toggle("few", wanted !== null);
    screens = seen.map(([name, source]) => {
      const canvas = make("canvas"), image = new Image();
      canvas.width = walk.width;
      canvas.height = walk.height;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${name}, ${walk.key}`);
      image.addEventListener("load", draw);
      image.src = source;
      return { name, canvas, image };
    });
    $("screens").replaceChildren(...screens.map(({ name, canvas }) => {
      const figure = make("figure");
      figure.append(canvas, make("figcaption", name));
      return figure;
    }));
    draw();
  };
  /* Show the first strip and these alone; null: all. */
  const only = (names) => {
    wanted = names;
    if (walk) load();
  };
  /* Offer the walks of a set and an angle ("": all); how many there are, or null where the page has no walk. */
  const offer = (set, angle) => {
    if (!player || !data.samples.length) return null;
    const chosen = $("walk").value;
    // The same walks as before: nothing is drawn again.
    if (offered && offered.set === set && offered.angle === angle) return offered.count;
    const fitting = data.samples.map((one, i) => [one, i])
      .filter(([one]) => (!set || one.sets.includes(set)) && (angle === "" || String(one.angle) === angle));
    $("walk").replaceChildren(...fitting.map(([one, i]) => {
      const option = make("option", `${one.key} (${one.sets.join(", ")})`);
      option.value = i;
      return option;
    }));
    offered = { set, angle, count: fitting.length };
    player.hidden = !fitting.length;
    if (!fitting.length) { stop(); return 0; }
    if (fitting.some(([, i]) => String(i) === chosen)) $("walk").value = chosen;
    load();
    return fitting.length;
  };
  const start = () => {
    if (!player) return;
    if (!data.samples.length) { player.hidden = true; return; }
    $("walk").addEventListener("change", load);
    $("play").addEventListener("click", play);
    $("back").addEventListener("click", () => { stop(); step(-1); });
    $("forward").addEventListener("click", () => { stop(); step(1); });
    $("frame").addEventListener("input", () => { stop(); frame = Number($("frame").value); draw(); });
    $("speed").addEventListener("change", () => { if (timer) { stop(); play(); } });
    player.addEventListener("keydown", (event) => {
      if (event.target.matches("select, input")) return;
      if (event.key === " " && !event.target.matches("button")) { event.preventDefault(); play(); }
      if (event.key === "ArrowRight") { event.preventDefault(); stop(); step(1); }
      if (event.key === "ArrowLeft") { event.preventDefault(); stop(); step(-1); }
    });
    offer("", "");
  };
  return { offer, only, start };
})();
