// Saves the curves and the board as they are: CSV, PNG, SVG.
"use strict";

(() => {
  const INK = "#1f2328", WIDTH = 640, HEIGHT = 170, HEAD = 52;  // of each curve, and of what stands above it
  let drawn = null;
  document.addEventListener("segsim-drawn", ({ detail }) => { drawn = detail; });

  const escape = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
  const cell = (value) => (typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : value ?? "");
  const table = (rows) => rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  const wrap = (width, height, inside) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inside}</svg>\n`;

  function hand(name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function curvesTable() {
    const lines = drawn.setup.charts.flatMap((chart) => chart.lines.map((line) => [line.key, `${chart.title}: ${line.label}`]));
    return table([[drawn.setup.charts[0].axis, ...lines.map(([, name]) => name)],
      ...drawn.history.map(({ step, reading }) => [step, ...lines.map(([key]) => reading[key])])]);
  }

  async function curvesPicture() {
    const { echarts } = await import("nicegui-echart");
    const parts = drawn.setup.charts.map((chart, i) => {
      const drawing = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
      drawing.setOption(getElement(document.querySelector(`[data-chart="${i}"]`)).chart.getOption());
      const curve = drawing.renderToSVGString().replaceAll(/"Segoe UI"/g, "Segoe UI");  // quoted within quotes
      drawing.dispose();
      let x = 10;
      const legend = chart.lines.map((line) => {
        const dash = line.dash ? ' stroke-dasharray="6 5"' : "", at = x;
        x += 44 + 7 * line.label.length;
        return `<line x1="${at}" x2="${at + 22}" y1="36" y2="36" stroke="${line.colour}" stroke-width="3"${dash}/>`
          + `<text x="${at + 28}" y="40">${escape(line.label)}</text>`;
      });
      return `<g transform="translate(0 ${i * (HEAD + HEIGHT)})"><text x="10" y="18" font-weight="600">${escape(chart.title)}</text>`
        + `${legend.join("")}<g transform="translate(0 ${HEAD})">${curve}</g></g>`;
    });
    const height = parts.length * (HEAD + HEIGHT);
    return wrap(WIDTH, height, `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`
      + `<g font-family="sans-serif" font-size="13" fill="${INK}">${parts.join("")}</g>`);
  }

  // Of a board its groups, of a map its levels from 1 to 10; nothing where nobody lives.
  function kinds() {
    const { header, squares, setup } = drawn, isPeople = setup.shape === "people";
    return Array.from({ length: header.rows }, (_, row) =>
      Array.from(squares.subarray(row * header.columns, (row + 1) * header.columns), (value) => (isPeople ? value & 7 : value)));
  }

  function boardTable() {
    const names = drawn.setup.kinds;
    return table(kinds().map((row) => row.map((kind) => (kind ? names[kind - 1] ?? kind : ""))));
  }

  function boardPicture() {
    const { header, setup } = drawn, side = Math.max(1, Math.round(800 / header.columns)), paths = {};
    kinds().forEach((row, y) => {
      for (let x = 0; x < row.length;) {
        let end = x + 1;
        while (end < row.length && row[end] === row[x]) end += 1;
        paths[row[x]] = `${paths[row[x]] ?? ""}M${x} ${y}h${end - x}v1h${x - end}z`;
        x = end;
      }
    });
    const inside = Object.entries(paths).map(([kind, path]) => `<path fill="${setup.colours[kind]}" d="${path}"/>`).join("");
    return wrap(side * header.columns, side * header.rows, `<g transform="scale(${side})" shape-rendering="crispEdges">${inside}</g>`);
  }

  // Twice as large as it is drawn, so that it is sharp on a printed page.
  async function photograph(svg) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * image.naturalWidth; canvas.height = 2 * image.naturalHeight;
    const pen = canvas.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  async function make(what, kind) {
    if (kind === "csv") return new Blob(["\ufeff", what === "curves" ? curvesTable() : boardTable()], { type: "text/csv" });
    const svg = what === "curves" ? await curvesPicture() : boardPicture();
    return kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : photograph(svg);
  }

  window.segsimSaving = {
    make,
    save: async (what, kind) => { if (drawn) hand(`${drawn.setup.preset}_${what}.${kind}`, await make(what, kind)); },
  };
})();
