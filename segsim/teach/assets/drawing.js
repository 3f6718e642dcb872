// Draws the lesson: the board from bytes that the server pushes, and the points of the curves.
"use strict";

window.segsim = (() => {
  const INK = "#1f2328";
  const MOST_POINTS = 400, CHART_PAUSE = 100;  // points of a curve; least ms between drawings of the curves
  const KIND = 7, UNSATISFIED = 8, MOVED = 16;  // who lives on a square, and what is added to it (scenes.py)
  const SPEAK_PAUSE = 5000;  // ms between what a screen reader is told while the board plays
  let setup = null, socket = null, retry = null;
  let latest = null, waiting = false, wholePicture = document.createElement("canvas");
  let history = [], chartsDue = 0, chartsNext = 0, fitted = "", spokenNext = 0, wasPlaying = false, focused = "";
  const tell = { frames: 0, step: 0, settled: false, playing: false, open: false };

  const find = (id) => document.getElementById(id);

  function say(key, value) {
    const element = find(key);
    if (element && element.textContent !== value) element.textContent = value;
  }

  function number(value, decimals, locale = setup.locale) {
    return value.toLocaleString(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }

  const DECIMALS = { whole: 0, tenths: 1 };

  function write(value, format, decimals = 2, locale = setup.locale) {
    if (value === undefined) return "–";
    if (format === "points") return number(100 * value, 1, locale);  // percentage points
    if (format !== "percent") return number(value, DECIMALS[format] ?? decimals, locale);
    return `${number(100 * value, 0, locale)}${locale === "sv-SE" ? "\u00a0" : ""}%`;
  }

  // ---------------------------------------------------------------- the stream

  function connect(path) {
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}${path}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { tell.open = true; calm(); };
    socket.onmessage = (event) => receive(event.data);
    socket.onclose = (event) => {
      tell.open = false;
      if (event.code === 4404) return;  // the server no longer knows this page; NiceGUI reloads it
      if (setup) notice(setup.texts.lost);
      retry = setTimeout(() => connect(path), 1500);
    };
  }

  function receive(data) {
    const size = new DataView(data).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, size)));
    latest = { header, squares: new Uint8Array(data, 4 + size) };
    if (header.new) history = [];
    if (header.reading) remember(header.step, header.reading);
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(draw);
    } else if (socket && socket.readyState === 1) socket.send("drawn");  // a newer picture took its place
  }

  function remember(step, reading) {
    const last = history[history.length - 1];
    if (last && last.step === step) last.reading = reading;
    else history.push({ step, reading });
    if (history.length > MOST_POINTS) history = history.filter((_, i) => i % 2 === 0 || i === history.length - 1);
  }

  function draw() {
    waiting = false;
    if (!isOfLesson()) {
      if (socket && socket.readyState === 1) socket.send("drawn");
      return;
    }
    const { header, squares } = latest;
    tell.frames += 1;
    tell.step = header.step; tell.settled = !!header.settled; tell.playing = header.playing;
    if (header.problem) notice(setup.texts.cannot.replace("{reason}", header.problem));
    else calm();
    if (header.rows) {
      drawBoard(header, squares);
      drawChartsSoon();
    }
    if (!header.playing || header.settled) drawChartsNow();
    status(header);
    tellDrawn(header);
    if (socket && socket.readyState === 1) socket.send("drawn");
  }

  // What else the lesson shows (assets/lesson.js) follows the board.
  function tellDrawn(header) {
    document.dispatchEvent(new CustomEvent("segsim-drawn", {
      detail: { header, setup, squares: latest.squares, reading: now(), history },
    }));
  }

  // Pictures and the page come by two ways; a picture of another lesson than the page's is not drawn.
  const isOfLesson = () => latest && setup && latest.header.preset === setup.preset;

  function status(header) {
    const { texts } = setup;
    const state = header.settled ? texts.settled : header.playing ? texts.playing : texts.paused;
    say("step", `${texts.step} ${number(header.step || 0, 0)}`);
    say("state", state);
    const isNews = header.playing !== wasPlaying || !header.playing || performance.now() > spokenNext;
    wasPlaying = header.playing;
    if (isNews) {
      spokenNext = performance.now() + SPEAK_PAUSE;
      const parts = setup.charts.map((c) => `${c.title} ${write(now()[c.lines[0].key], c.format)}`);
      say("spoken", `${texts.step} ${header.step || 0}, ${state}. ${parts.join(". ")}`);
    }
  }

  const now = () => (history.length ? history[history.length - 1].reading : {});

  function notice(text, kind = "live") {
    const box = find("notice");
    if (!box) return;
    box.textContent = text; box.dataset.kind = kind; box.hidden = !text;
  }

  function calm() {
    if (find("notice") && find("notice").dataset.kind === "live") notice("");
  }

  // ---------------------------------------------------------------- the board

  function fit(canvas, width, height) {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const w = Math.max(1, Math.round(width * ratio)), h = Math.max(1, Math.round(height * ratio));
    if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
    return ratio;
  }

  function drawBoard({ rows, columns, marks, lives }, squares) {
    const canvas = find("board");
    const shape = `${rows} ${columns} ${window.innerWidth} ${window.innerHeight} ${setup.title}`;
    if (shape !== fitted) { fitBoard(canvas, rows, columns); fitted = shape; }
    const pen = canvas.getContext("2d", { alpha: false });
    const ratio = Math.min(window.devicePixelRatio || 1, 2), cell = canvas.width / columns;
    if (setup.shape === "people" && cell >= 7 * ratio) drawPeople(pen, rows, columns, squares, cell);
    else drawPixels(pen, rows, columns, squares);
    for (const mark of marks || []) drawSchool(pen, mark, canvas.width, canvas.height, ratio);
    for (const life of lives || []) for (const place of life[1]) drawPlace(pen, place, canvas.width, canvas.height, ratio);
  }

  function fitBoard(canvas, rows, columns) {
    const frame = canvas.parentElement;
    const width = frame.clientWidth;
    const above = frame.getBoundingClientRect().top + window.scrollY;
    const room = window.innerWidth < 800 ? window.innerHeight * 0.62 : Math.max(280, window.innerHeight - above - 130);
    const side = Math.min(width / columns, room / rows);
    canvas.style.width = `${side * columns}px`; canvas.style.height = `${side * rows}px`;
    fit(canvas, side * columns, side * rows);
  }

  function drawPixels(pen, rows, columns, squares) {
    if (wholePicture.width !== columns || wholePicture.height !== rows) {
      wholePicture.width = columns; wholePicture.height = rows;
    }
    const inner = wholePicture.getContext("2d", { alpha: false });
    const image = inner.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer), colours = setup.words;
    for (let i = 0; i < squares.length; i++) pixels[i] = colours[squares[i]];
    inner.putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(wholePicture, 0, 0, pen.canvas.width, pen.canvas.height);
  }

  function drawPeople(pen, rows, columns, squares, cell) {
    pen.fillStyle = setup.colours[0];
    pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
    const round = cell >= 24, gap = Math.max(1, cell * 0.06);
    for (let kind = 1; kind < setup.colours.length; kind++) {
      pen.fillStyle = setup.colours[kind];
      pen.beginPath();
      for (let i = 0; i < squares.length; i++) {
        if ((squares[i] & KIND) !== kind) continue;
        const x = (i % columns) * cell, y = Math.floor(i / columns) * cell;
        if (round) {
          pen.moveTo(x + cell * 0.92, y + cell / 2);
          pen.arc(x + cell / 2, y + cell / 2, cell * 0.42, 0, 7);
        } else pen.rect(x + gap / 2, y + gap / 2, cell - gap, cell - gap);
      }
      pen.fill();
    }
    drawMarks(pen, columns, squares, cell, round);
  }

  // Who has just moved has a ring, who is unsatisfied a dark dot.
  function drawMarks(pen, columns, squares, cell, round) {
    const centre = (i) => [(i % columns + 0.5) * cell, (Math.floor(i / columns) + 0.5) * cell];
    pen.strokeStyle = pen.fillStyle = INK;
    pen.lineWidth = Math.max(1.5, cell * 0.1);
    pen.beginPath();
    for (let i = 0; i < squares.length; i++) {
      if (!(squares[i] & MOVED)) continue;
      const [x, y] = centre(i), side = cell * (round ? 0.42 : 0.4);
      if (round) { pen.moveTo(x + side, y); pen.arc(x, y, side, 0, 7); } else pen.rect(x - side, y - side, 2 * side, 2 * side);
    }
    pen.stroke();
    pen.beginPath();
    for (let i = 0; i < squares.length; i++) {
      if (!(squares[i] & UNSATISFIED)) continue;
      const [x, y] = centre(i);
      pen.moveTo(x + cell * 0.16, y); pen.arc(x, y, cell * 0.16, 0, 7);
    }
    pen.fill();
  }

  function drawSchool(pen, [x, y, pupils, shares], width, height, ratio) {
    const radius = Math.max(7 * ratio, Math.min(width, height) * 0.0032 * Math.sqrt(pupils));
    const cx = x * width, cy = y * height;
    pen.beginPath(); pen.arc(cx, cy, radius + 2.5 * ratio, 0, 7); pen.fillStyle = "#ffffff"; pen.fill();
    let from = -Math.PI / 2;
    shares.forEach((share, k) => {
      pen.beginPath(); pen.moveTo(cx, cy); pen.arc(cx, cy, radius, from, from + share * 2 * Math.PI);
      pen.fillStyle = setup.colours[k + 1]; pen.fill();
      from += share * 2 * Math.PI;
    });
    pen.beginPath(); pen.arc(cx, cy, radius, 0, 7);
    pen.lineWidth = 1.6 * ratio; pen.strokeStyle = INK; pen.stroke();
  }

  // The household that is followed: a house, a school as a square, a place of work as a diamond.
  const SHAPES = {
    home: [[0, -1.25], [1.05, -0.2], [0.75, -0.2], [0.75, 1], [-0.75, 1], [-0.75, -0.2], [-1.05, -0.2]],
    school: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
    work: [[0, -1.15], [1.15, 0], [0, 1.15], [-1.15, 0]],
  };
  const PLACES = { home: "#d1242f", school: "#ffffff", work: "#e69f00" };

  function drawPlace(pen, [what, x, y], width, height, ratio) {
    const size = (what === "home" ? 10 : 7) * ratio;
    pen.beginPath();
    SHAPES[what].forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](x * width + dx * size, y * height + dy * size));
    pen.closePath();
    pen.lineWidth = 4 * ratio; pen.strokeStyle = "#ffffff"; pen.stroke();
    pen.fillStyle = PLACES[what]; pen.fill();
    pen.lineWidth = 1.8 * ratio; pen.strokeStyle = INK; pen.stroke();
  }

  // ---------------------------------------------------------------- curves, by the page server's chart library

  function drawChartsSoon() {
    if (chartsDue) return;
    chartsDue = setTimeout(() => { chartsDue = 0; drawCharts(); }, Math.max(0, chartsNext - performance.now()));
  }

  // What stands still is shown whole: a class that pauses compares the curves with the board.
  function drawChartsNow() {
    clearTimeout(chartsDue); chartsDue = 0;
    drawCharts();
  }

  function drawCharts() {
    const begun = performance.now();
    const first = history.length ? history[0].step : 0;
    const last = Math.max(first + 10, history.length ? history[history.length - 1].step : 0);
    let isReady = true;
    setup.charts.forEach((chart, i) => {
      chart.lines.forEach((line, k) => say(`value-${i}-${k}`, write(now()[line.key], chart.format)));
      const frame = document.querySelector(`[data-chart="${i}"]`), drawing = frame && getElement(frame).chart;
      if (drawing) drawing.setOption({ xAxis: { min: first, max: last }, series: chart.lines.map(points) }, { silent: true });
      else isReady = false;
    });
    // The curves may take a twentieth of the time; drawn ten times a second they halved the pictures of the board.
    chartsNext = performance.now() + Math.max(CHART_PAUSE, 20 * (performance.now() - begun));
    if (!isReady) drawChartsSoon();  // the library is still on its way
  }

  function points(line) {
    const data = [];
    for (const { step, reading } of history) if (reading[line.key] !== undefined) data.push([step, reading[line.key]]);
    if (data.length && !line.dash) data.push({ value: data.pop(), symbol: "circle", symbolSize: 8 });
    return { data };
  }

  // ---------------------------------------------------------------- what the page calls

  function begin(what) {
    setup = what;
    setup.words = new Uint32Array(256);
    setup.words.forEach((_, i) => {
      const hex = what.colours[what.shape === "people" ? i & KIND : i];
      if (!hex) return;
      const c = parseInt(hex.slice(1), 16);
      setup.words[i] = (255 << 24) | ((c & 255) << 16) | (c & 0xff00) | (c >> 16);
    });
    document.documentElement.lang = what.locale.slice(0, 2);
    document.title = what.title;
    find("board").setAttribute("aria-label", what.texts.board);
    if (!socket) connect(what.stream);
    redraw();
  }

  function redraw() {
    if (!setup) return;
    fitted = "";
    if (isOfLesson() && latest.header.rows) {
      drawBoard(latest.header, latest.squares); drawCharts(); status(latest.header); tellDrawn(latest.header);
    } else blank();
  }

  function blank() {
    const canvas = find("board");
    canvas.getContext("2d", { alpha: false }).fillStyle = setup.colours[0];
    canvas.getContext("2d", { alpha: false }).fillRect(0, 0, canvas.width, canvas.height);
    spokenNext = 0;
    say("state", setup.texts.preparing); say("step", "");
  }

  function link(query) { window.history.replaceState(null, "", query); }

  // The lesson that is left stays behind the back button, with the settings it had.
  function leave() { window.history.pushState(null, "", location.href); }
  addEventListener("popstate", () => location.reload());

  // ---------------------------------------------------------------- the focus outlives what is shown anew

  const MARKED = "[data-key], [data-setting]";

  function placeOf(element) {
    const marked = element.closest && element.closest(MARKED);
    if (!marked) return "";
    const name = marked.dataset.key ? "key" : "setting";
    return `[data-${name}="${marked.dataset[name]}"]`;
  }

  function keepFocus() {
    if (!focused || document.activeElement !== document.body) return;
    const again = document.querySelector(focused);
    if (!again || !again.offsetParent) return;
    const takes = again.matches("button, input, [tabindex='0']") ? again : again.querySelector("[tabindex='0'], input");
    if (takes) takes.focus({ preventScroll: true });
  }

  document.addEventListener("focusin", (event) => { focused = placeOf(event.target); });
  document.addEventListener("pointerdown", (event) => { if (!placeOf(event.target)) focused = ""; });

  // The library names the frame of a slider, and lets another element take the focus: the names go there.
  const SPOKEN = ["role", "aria-label", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext", "aria-orientation"];

  function nameSlider(frame) {
    const takesFocus = frame.querySelector("[tabindex='0']");
    if (!takesFocus) return;
    for (const name of SPOKEN.filter((name) => frame.hasAttribute(name))) {
      takesFocus.setAttribute(name, frame.getAttribute(name));
      frame.removeAttribute(name);
    }
  }

  new MutationObserver(() => {
    document.querySelectorAll(".q-slider[role], .q-slider[aria-valuenow], .q-slider[aria-valuetext]").forEach(nameSlider);
    if (document.activeElement === document.body) setTimeout(keepFocus, 0);
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-valuenow", "aria-valuetext"],
  });

  // Where phones find the class; a page that is served to this machine alone says so.
  function tellAddress([here, closed]) {
    const isAlone = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
    say("class-address", isAlone ? closed : here.replace("{address}", `${location.host}/join`));
  }

  function copyLink() {
    const text = location.href;
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text; document.body.append(field); field.select();
    document.execCommand("copy"); field.remove();
  }

  // ---------------------------------------------------------------- keys

  const KEYS = { " ": "play", s: "step", arrowright: "step", r: "reset", m: "many", l: "language" };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const own = event.target.closest && event.target.closest("input, textarea, select, button, a, [role=slider], [role=combobox], [role=listbox], [role=option], [role=dialog], [contenteditable]");
    const key = event.key.toLowerCase();
    if (own && !(/^[a-z0-9]$/.test(key) && own.matches("button, a, [role=slider]"))) return;
    const name = KEYS[key] || (/^[0-9]$/.test(key) ? `lesson-${key}` : "");
    const button = name && document.querySelector(`[data-key="${name}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.click();
  });
  addEventListener("resize", () => requestAnimationFrame(redraw));

  return { tellAddress, begin, link, leave, copyLink, notice, write, tell };
})();
