// Shows where the municipality stands, its map, and how the making of the city comes along.

import { make, newId, t } from "./dom.js";
import { drawMap, legend } from "./map.js";
import { on, plan } from "./plan.js";
import { startRun } from "./run.js";

const SHADES = ["type", "foreign_background", "low_standard", "rental"];

export function buildStanding() {
  const inside = make("div", {}), made = make("p", { class: "hint", role: "status" }), notes = make("div", {});
  const section = make("section", { class: "card", id: "standing", hidden: true }, make("h2", {}, t("step.standing")), inside, notes,
    make("div", { class: "line" },
      make("button", { type: "button", "data-key": "diagnose", onclick: () => startRun("diagnose") }, t("standing.diagnose")),
      make("span", { class: "hint" }, t("standing.diagnose_hint"))),
    made);
  on("city", () => { section.hidden = false; notes.replaceChildren(); inside.replaceChildren(...show(plan.facts)); made.textContent = t("standing.preparing"); });
  on("places", () => {
    made.textContent = t("standing.ready");
    const told = plan.places.notes;
    if (told.length) notes.replaceChildren(make("details", {}, make("summary", {}, t("standing.notes")), make("ul", {}, told.map((n) => make("li", {}, n)))));
  });
  on("checked", () => { if (plan.checked.ready) made.textContent = t("standing.ready"); });
  return section;
}

function show(facts) {
  const standing = facts.standing;
  return [
    make("h3", { class: "city" }, facts.code ? `${facts.label} (${facts.code})` : facts.label),
    make("p", {}, facts.summary),
    make("div", { class: facts.map ? "beside" : "" },
      standing ? make("div", {},
        make("div", { class: "tiles" }, standing.headlines.map((h) => make("div", { class: "tile" },
          make("span", {}, h.title), make("b", {}, whole(h.value)), make("small", {}, whole(h.rank)), make("small", {}, whole(h.beside))))),
        make("p", { class: "hint" }, t("standing.lead", { year: standing.year }), " ", t("standing.similar_names", { names: standing.similar })),
        make("details", {}, make("summary", {}, t("standing.all")), make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": t("standing.all") }, table(standing))))
        : make("p", { class: "hint" }, t("standing.none")),
      facts.map ? shadedMap(facts.map) : null),
  ];
}

const whole = (text) => text.replaceAll(" %", "\u00a0%");  // no break before the sign

function table(standing) {
  const heads = ["measure", "own", "rank", "similar", "county", "country"];
  return make("table", {}, make("thead", {}, make("tr", {}, heads.map((h) => make("th", { scope: "col" }, t(`standing.${h}`))))),
    standing.themes.map((theme) => make("tbody", {},
      make("tr", {}, make("th", { colspan: heads.length, scope: "rowgroup", class: "theme" }, theme.title)),
      theme.rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.title),
        ["own", "rank", "similar", "county", "country"].map((key) => make("td", {}, whole(row[key]))))))));
}

function shadedMap(map) {
  const drawn = drawMap(map, { label: t("map.title") }), key = make("p", { class: "key" }), words = make("p", { class: "hint" });
  const choose = make("select", { id: newId(), onchange: () => paint(choose.value) }, SHADES.map((s) => make("option", { value: s }, t(`map.${s}`))));
  function paint(shade) {
    drawn.paint(shade);
    key.replaceChildren(...legend(map, shade).map(([c, text]) => {
      const swatch = make("i", {});
      swatch.style.background = c;
      return make("span", {}, swatch, text);
    }));
    words.textContent = shade === "type" ? t("map.types") : "";
  }
  paint("type");
  return make("div", {}, make("div", { class: "line" }, make("label", { for: choose.id }, t("map.show")), choose), drawn.svg, key, words);
}
