// Draws the districts: shaded by what they are like, or to be chosen.

import { percent, number, t } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const TYPES = ["#b35806", "#f1a340", "#d9d5cf", "#998ec3", "#542788"];  // ColorBrewer PuOr, as in reports
const SHADES = ["#f0f4c0", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"];  // ColorBrewer YlGnBu

export function describeDistrict(d) {
  return t("map.district", {
    name: d.name, type: d.type, residents: number(d.residents), foreign: percent(d.foreign_background),
    poor: percent(d.low_standard), rental: percent(d.rental),
  });
}

export function range(map, shade) {
  const values = map.districts.map((d) => d[shade]).filter((v) => v !== null);
  return [Math.min(...values), Math.max(...values)];
}

export function colour(map, district, shade) {
  if (shade === "type") return TYPES[district.type - 1] ?? "#c9ced4";
  if (district[shade] === null) return "#c9ced4";
  const [low, high] = range(map, shade);
  const place = high > low ? (district[shade] - low) / (high - low) : 0;
  return SHADES[Math.min(SHADES.length - 1, Math.floor(place * SHADES.length))];
}

export function legend(map, shade) {
  if (shade === "type") return TYPES.map((c, i) => [c, String(i + 1)]);
  const [low, high] = range(map, shade), width = (high - low) / SHADES.length;
  return SHADES.map((c, i) => [c, i === 0 ? percent(low) : i === SHADES.length - 1 ? percent(high) : ""]);
}

// Returns the map as an element; `chosen` is a set of names, `toggle` is told which district is clicked
export function drawMap(map, { shade = "type", label, chosen = null, toggle = null }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `-4 -4 ${map.width + 8} ${map.height + 8}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("class", toggle ? "map pick" : "map");
  const paths = new Map();
  for (const district of map.districts) {
    const path = document.createElementNS(SVG, "path"), title = document.createElementNS(SVG, "title");
    path.setAttribute("d", district.path);
    path.setAttribute("fill-rule", "evenodd");
    title.textContent = describeDistrict(district);
    path.append(title);
    path.dataset.name = district.name;
    if (toggle) path.addEventListener("click", () => toggle(district.name));
    svg.append(path);
    paths.set(district, path);
  }
  function paint(nextShade = shade) {
    shade = nextShade;
    for (const [district, path] of paths) {
      path.setAttribute("fill", colour(map, district, shade));
      if (chosen) {
        path.classList.toggle("chosen", chosen().has(district.name));
        if (chosen().has(district.name)) svg.append(path);  // its border lies above its neighbours'
      }
    }
  }
  paint();
  return { svg, paint };
}
