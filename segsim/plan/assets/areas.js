// Chooses where something acts: everywhere, districts on a map or in a list, or areas by what they are like.

import { make, newId, number, percent, t } from "./dom.js";
import { drawMap } from "./map.js";
import { on, plan } from "./plan.js";

const CONDITIONS = ["types", "weakest", "strongest"];

const asList = (value) => (Array.isArray(value) ? value : value ? [value] : []);

function read(value) {
  if (value === undefined || value === null || value === "all" || value?.all) return { mode: "all", chosen: [], rest: {} };
  if (typeof value === "string" || Array.isArray(value)) return { mode: "chosen", chosen: asList(value), rest: {} };
  const { names, districts, ...rest } = value;
  const conditions = CONDITIONS.some((key) => key in rest);
  return { mode: conditions || !("names" in value || "districts" in value) ? "conditions" : "chosen", chosen: [...asList(names), ...asList(districts)], rest };
}

function districts() {
  return plan.places?.districts ?? plan.facts?.map?.districts ?? [];
}

function write(chosen, rest) {
  const known = new Set(districts().map((d) => d.name));
  const value = { ...rest }, names = chosen.filter((name) => !known.has(name));
  if (names.length) value.names = names;
  if (chosen.length > names.length || !names.length) value.districts = chosen.filter((name) => known.has(name));
  return value;
}

export function buildAreas(get, set, way, label) {
  let { mode, chosen, rest } = read(get());
  const group = newId(), body = make("div", {}), picked = new Set(chosen);
  let map = null;

  function keep() {
    if (mode === "all") set(way.split("/").length > 4 ? "all" : undefined);
    else if (mode === "chosen") set(write([...picked], {}));
    else set({ ...rest, ...(picked.size ? write([...picked], {}) : {}) });
  }

  function toggle(name) {
    if (picked.has(name)) picked.delete(name); else picked.add(name);
    keep();
    tick();
  }

  function tick() {
    map?.paint();
    for (const box of body.querySelectorAll("input[data-name]")) box.checked = picked.has(box.dataset.name);
    const count = body.querySelector(".count");
    if (count) count.textContent = t("areas.n_chosen", { n: picked.size });
  }

  function showChosen() {
    const known = districts(), names = [...known.map((d) => d.name), ...[...picked].filter((name) => !known.some((d) => d.name === name))];
    const drawn = plan.facts?.map;
    map = drawn ? drawMap(drawn, { label: t("map.title"), chosen: () => picked, toggle }) : null;
    body.replaceChildren(make("p", { class: "hint" }, t("areas.map_hint"), " ", make("span", { class: "count", role: "status" })),
      make("div", { class: map ? "beside" : "" }, map?.svg ?? null,
        make("div", { class: "ticks", role: "group", "aria-label": label, tabindex: "-1" }, names.map((name) => make("label", {},
          make("input", { type: "checkbox", "data-name": name, onchange: () => toggle(name) }), name,
          known.find((d) => d.name === name) ? make("small", {}, number(known.find((d) => d.name === name).residents)) : null)))));
    tick();
  }

  function put(key, value) {
    if (value === undefined) delete rest[key]; else rest[key] = value;
    keep();
  }

  function share(key) {
    const id = newId(), value = rest[key] ?? 0;
    const slider = make("input", { type: "range", id, min: 0, max: 100, step: 1, value: Math.round(100 * value) });
    const told = make("output", { for: id });
    function show() { told.textContent = Number(slider.value) ? percent(slider.value / 100) : "–"; slider.setAttribute("aria-valuetext", told.textContent); }
    slider.addEventListener("input", () => { show(); put(key, Number(slider.value) ? slider.value / 100 : undefined); });
    show();
    return make("div", { class: "field" }, make("label", { for: id }, t(`areas.${key}`)), make("div", { class: "line" }, slider, told));
  }

  function showConditions() {
    map = null;
    const types = new Set(rest.types ?? []);
    const others = Object.keys(rest).filter((key) => !CONDITIONS.includes(key));
    body.replaceChildren(
      make("fieldset", { class: "types" }, make("legend", {}, t("areas.types")), [1, 2, 3, 4, 5].map((n) => make("label", {},
        make("input", { type: "checkbox", checked: types.has(n), onchange: (e) => { if (e.target.checked) types.add(n); else types.delete(n); put("types", types.size ? [...types].sort() : undefined); } }), String(n))),
        make("p", { class: "hint" }, t("map.types"))),
      share("weakest"), share("strongest"),
      others.length || picked.size ? make("p", { class: "hint" }, `${[...others, ...picked].join(", ")}: ${t("areas.kept")}`) : "");
  }

  function show() {
    if (mode === "chosen") showChosen();
    else if (mode === "conditions") showConditions();
    else { map = null; body.replaceChildren(); }
  }

  const radios = ["all", "chosen", "conditions"].map((kind) => make("label", {}, make("input", {
    type: "radio", name: group, value: kind, checked: mode === kind,
    onchange: () => { mode = kind; if (kind === "conditions" && !Object.keys(rest).length) { rest = { types: [1, 2] }; picked.clear(); } keep(); show(); },
  }), t(`areas.${kind}`)));
  const element = make("fieldset", { class: "field areas", "data-way": way, "data-setting": "areas" },
    make("legend", {}, label || t("areas.legend")), make("div", { class: "line radios" }, radios), body, make("div", { class: "problems" }));
  show();
  function follow() { if (element.isConnected && mode === "chosen") showChosen(); }
  on("city", follow);
  on("places", follow);
  return element;
}
