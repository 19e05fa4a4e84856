"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  for (const element of all("#theme, #filters, .copy, .slider, #player")) element.hidden = false;
  if ($("no-player")) $("no-player").hidden = true;

  /* Theme: the system's until somebody chooses. A file opened from disk may have no storage. */
  const root = document.documentElement;
  const media = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : media.matches);
  const nameTheme = () => { $("theme").textContent = dark() ? "Light" : "Dark"; };
  try { const kept = localStorage.getItem("gaitbench-theme"); if (kept) root.dataset.theme = kept; } catch { /* none */ }
  $("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    try { localStorage.setItem("gaitbench-theme", root.dataset.theme); } catch { /* none */ }
    nameTheme();
  });
  media.addEventListener("change", nameTheme);
  nameTheme();

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
  darken();
  $("theme").addEventListener("click", darken);
  media.addEventListener("change", darken);

  /* Sorting: within each block of rows; a third click restores the order of the record. */
  const keyOf = (row, index) => {
    const value = row.cells[index].dataset.value;
    if (value === undefined) return null;
    return value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  const sortable = (table) => {
    const heads = all("tr.heads th", table);
    const original = all("tbody", table).map((body) => [...body.rows]);
    heads.forEach((head, index) => {
      const button = make("button", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const next = now === "ascending" ? "descending" : now === "descending" ? null : "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (next) head.setAttribute("aria-sort", next);
        all("tbody", table).forEach((body, number) => {
          const rows = original[number];
          const fixed = (row) => row.classList.contains("section") || row.classList.contains("mean");
          const moving = rows.filter((row) => !fixed(row));
          if (next) {
            moving.sort((one, two) => {
              const a = keyOf(one, index), b = keyOf(two, index);
              if (a === null || b === null) return (a === null) - (b === null);
              return next === "ascending" ? compare(a, b) : compare(b, a);
            });
          }
          const first = rows.filter((row) => row.classList.contains("section"));
          const last = rows.filter((row) => row.classList.contains("mean"));
          body.replaceChildren(...first, ...(next ? [...moving, ...last] : rows.slice(first.length)));
        });
      });
    });
  };
  all("figure.table table").forEach(sortable);

  /* Long tables show what counts; a table of all rows is built when somebody asks for it. */
  const wholeTable = (name) => {
    const lines = data.rows[name].map((row) => [...row]);
    // Where a figure comes from is the same almost everywhere: it goes last.
    if (lines[0][0] === "source") for (const row of lines) row.push(row.shift());
    const [names, ...rows] = lines;
    const table = make("table", undefined, "whole"), head = make("tr", undefined, "heads"), body = make("tbody");
    const numbers = names.map((_, i) => rows.some((row) => row[i] !== "" && Number.isFinite(Number(row[i]))));
    names.forEach((text, i) => {
      const cell = make("th", undefined, numbers[i] ? "num" : "");
      cell.scope = "col";
      cell.append(make("span", text.replaceAll("_", " ")));
      head.append(cell);
    });
    for (const row of rows) {
      const line = make("tr");
      row.forEach((text, i) => {
        const number = text !== "" && Number.isFinite(Number(text));
        const shown = number && text.includes(".") ? Number(text).toFixed(Math.abs(text) >= 10 ? 2 : 4) : text || "–";
        const cell = make("td", shown, numbers[i] ? "num" : "");
        if (text !== "") cell.dataset.value = text;
        if (names[i] === "source" && ["slides", "chance"].includes(text)) line.classList.add("slides");
        if (text === "mean") line.classList.add("mean");
        else if (["set", "angle", "attacker"].includes(names[i])) line.dataset[names[i]] = text;
        line.append(cell);
      });
      body.append(line);
    }
    const top = make("thead");
    top.append(head);
    table.append(top, body);
    sortable(table);
    return table;
  };
  for (const button of all("button[data-all]")) {
    const scroll = $(button.dataset.all).querySelector(".scroll"), few = scroll.firstElementChild, more = button.textContent;
    let whole = null;
    button.addEventListener("click", () => {
      whole ??= wholeTable(button.dataset.all);
      const open = few.isConnected;
      scroll.replaceChildren(open ? whole : few);
      button.textContent = open ? "Fewer rows" : more;
      button.setAttribute("aria-expanded", String(open));
      filter();
    });
  }

  /* A hint where a box scrolls sideways; a box in closed details gets its size when it is opened. */
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) target.parentElement.classList.toggle("over", target.scrollWidth > target.clientWidth + 1);
  });
  for (const box of all("figure > .scroll")) watch.observe(box);

  /* Copy. */
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
  for (const button of all("button[data-copy]")) {
    button.addEventListener("click", () => {
      copy(data.tables[button.dataset.copy][button.dataset.kind])
        .then(() => say("Copied."), () => say("The browser refused to copy; the file lies in tables/."));
    });
  }

  /* Angle slider. */
  if (data.angles.length && $("angle")) {
    const show = () => {
      const at = Number($("angle").value), angle = data.angles[at];
      $("angle-value").textContent = `${angle}°`;
      $("angle").setAttribute("aria-valuetext", `${angle} degrees`);
      $("needle").setAttribute("x1", data.positions[at]);
      $("needle").setAttribute("x2", data.positions[at]);
      const body = $("read-out").tBodies[0];
      body.replaceChildren(...data.series.map((one, number) => {
        const row = make("tr"), point = one.angles[angle];
        row.append(make("td", one.label, `s${number}`));
        const cells = point ? [point.rate, point.interval, point.counts, point.n, point.chance, point.ranks] : ["not run", "–", "–", "–", "–", "–"];
        for (const cell of cells) row.append(make("td", cell, "num"));
        return row;
      }));
    };
    $("angle").addEventListener("input", show);
    show();
  }

  /* Player: a strip holds the frames side by side; one canvas per system shows the same frame. */
  const player = $("player");
  let redrawWalks = () => {};
  if (player && data.samples.length) {
    let walk = null, frame = 0, timer = 0, screens = [];
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
      $("walk-note").textContent = `${walk.frames} frames of ${walk.height} × ${walk.width} pixels, seen from ${walk.angle}°; sets: ${walk.sets.join(", ") || "none"}.`;
      screens = walk.strips.map(([name, source]) => {
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
    redrawWalks = (set, angle) => {
      const chosen = $("walk").value;
      const fitting = data.samples.map((one, i) => [one, i])
        .filter(([one]) => (!set || one.sets.includes(set)) && (angle === "" || one.angle === Number(angle)));
      $("walk").replaceChildren(...fitting.map(([one, i]) => {
        const option = make("option", `${one.key} (${one.sets.join(", ")})`);
        option.value = i;
        return option;
      }));
      player.hidden = !fitting.length;
      if (!fitting.length) { stop(); return 0; }
      if (fitting.some(([, i]) => String(i) === chosen)) $("walk").value = chosen;
      load();
      return fitting.length;
    };
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
    redrawWalks("", "");
  } else if (player) {
    player.hidden = true;
  }

  /* Filters: rows of another set, angle or attacker go; so do columns of another set. */
  const filter = () => {
    const set = $("filter-set").value, angle = $("filter-angle").value;
    const attacker = $("filter-attacker") ? $("filter-attacker").value : "";
    for (const row of all("figure.table tbody tr")) {
      const other = (name, wanted) => wanted !== "" && row.dataset[name] !== undefined && row.dataset[name] !== wanted;
      // A mean over the angles does not stand for one angle.
      const mean = angle !== "" && row.classList.contains("mean");
      row.hidden = mean || other("set", set) || other("angle", angle) || other("attacker", attacker);
    }
    for (const cell of all("figure.table :is(th, td)[data-set]")) cell.hidden = set !== "" && cell.dataset.set !== set;
    for (const table of all("figure.table table")) {
      const heads = all("tr.heads th", table);
      for (const group of all("tr.groups th", table)) {
        const from = Number(group.dataset.from);
        const seen = heads.slice(from, from + Number(group.dataset.span)).filter((head) => !head.hidden).length;
        group.hidden = seen === 0;
        if (seen) group.colSpan = seen;
      }
      for (const section of all("tr.section th", table)) section.colSpan = heads.filter((head) => !head.hidden).length;
      for (const body of all("tbody", table)) {
        const rows = [...body.rows], heading = rows.find((row) => row.classList.contains("section"));
        if (heading) heading.hidden = rows.every((row) => row === heading || row.hidden);
      }
    }
    // A table that holds nothing for this choice goes whole: no row, or no column of the set.
    let empty = 0;
    for (const figure of all("figure.table")) {
      const rows = all("tbody tr:not(.section, .slides)", figure), columns = all("tr.heads th[data-set]", figure);
      figure.hidden = rows.every((row) => row.hidden) || (columns.length > 0 && columns.every((head) => head.hidden));
      empty += figure.hidden;
    }
    const at = data.angles.indexOf(Number(angle));
    if (angle !== "" && at >= 0 && $("angle")) {
      $("angle").value = at;
      $("angle").dispatchEvent(new Event("input"));
    }
    const walks = redrawWalks(set, angle);
    const on = set || angle !== "" || attacker;
    const notes = [];
    if (on) notes.push(`Filtered${walks === 0 ? "; no sampled walk fits" : ""}.`);
    if (on && empty) notes.push(`${empty} table${empty === 1 ? " holds" : "s hold"} nothing for this choice and ${empty === 1 ? "is" : "are"} hidden.`);
    if (attacker && data.attack) notes.push(`The chart still shows: ${data.attack}.`);
    $("filter-note").textContent = notes.join(" ");
  };
  for (const select of all("#filters select")) select.addEventListener("change", filter);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
})();
