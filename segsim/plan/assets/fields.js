// Draws the settings of a policy, each by its kind, and keeps what is set.
// Every field is drawn by (field, get, set, way): get() is its value or undefined, set(undefined) takes it away,
// and way is where it stands in the file, so that the check's message can be put beside it.

import { buildAreas } from "./areas.js";
import { make, newId, number, percent, t } from "./dom.js";
import { plan } from "./plan.js";

const round = (value) => Math.round(value * 1e6) / 1e6;

export function drawField(field, get, set, way) {
  if (field.kind === "areas") return buildAreas(get, set, way, field.label);
  const id = newId(), body = KINDS[field.kind](field, get, set, id, way);
  const isSeveral = ["group", "rows", "shares", "tuple", "by_place", "schools"].includes(field.kind);
  const reset = field.required ? null : make("button", {
    type: "button", class: "plain", title: t("field.reset"), "aria-label": `${t("field.reset")}: ${field.label}`,
    onclick: () => { set(undefined); body.show(); shown(); },
  }, "↺");
  const hint = make("p", { class: "hint", id: `${id}-hint` });
  const element = make(isSeveral ? "fieldset" : "div", { class: `field ${field.kind}`, "data-way": way, "data-setting": field.key },
    isSeveral ? make("legend", {}, field.label, reset) : make("div", { class: "name" }, make("label", { for: id }, field.label), reset),
    body.element, hint, make("div", { class: "problems" }));
  function shown() {
    const isSet = get() !== undefined;
    if (reset) reset.hidden = !isSet;
    element.classList.toggle("unset", !isSet);
    const isTold = field.required || isSet || ["choice", "switch"].includes(field.kind);  // a menu says it itself
    const value = isTold ? "" : writeDefault(field);
    hint.textContent = [field.hint, value && t("field.default", { value })].filter(Boolean).join(" ");
    hint.hidden = !hint.textContent;
  }
  body.element.addEventListener("change", shown);
  body.element.addEventListener("input", shown);
  body.show();
  shown();
  return element;
}

function writeDefault(field) {
  const value = field.default;
  if (value === null || value === undefined || value === "") return field.as_today ? t("field.as_today") : "";
  if (field.kind === "share") return percent(value, 1);
  if (field.kind === "switch") return t(value ? "field.yes" : "field.no");
  if (field.kind === "choice") return nameOf(field, value);
  if (typeof value === "number") return number(value);
  if (field.kind === "group") return field.fields.map((f) => `${f.label} ${f.kind === "share" ? percent(value[f.key] ?? 0) : value[f.key]}`).join(", ");
  if (field.kind === "tuple") return value.map((v) => percent(v)).join(", ");
  return "";
}

const nameOf = (field, value) => field.choices.find((c) => c.value === value)?.label ?? String(value);

function drawNumber(field, get, set, id) {
  const factor = field.kind === "share" ? 100 : 1, ends = field.slider;
  const scale = (value) => (value === null || value === undefined ? undefined : round(value * factor));
  const box = make("input", { type: "number", id, class: "figure", min: scale(field.min), max: scale(field.max), step: field.whole ? 1 : "any", inputmode: "decimal" });
  const slider = ends ? make("input", { type: "range", min: scale(ends.min), max: scale(ends.max), step: scale(ends.step), "aria-label": field.label }) : null;
  function tell() {
    if (slider) slider.setAttribute("aria-valuetext", field.kind === "share" ? percent(Number(slider.value) / 100, 1) : number(Number(slider.value)));
  }
  function take(text) {
    const value = text === "" ? undefined : round(Number(text) / factor);
    set(Number.isNaN(value) ? undefined : value);
    tell();
  }
  box.addEventListener("input", () => { if (slider && box.value !== "") slider.value = box.value; take(box.value); });
  slider?.addEventListener("input", () => { box.value = slider.value; take(slider.value); });
  return {
    element: make("div", { class: "line" }, slider, box, field.kind === "share" ? make("span", {}, t("field.percent")) : null),
    show() {
      const value = get();
      box.value = typeof value === "number" ? scale(value) : "";
      box.placeholder = typeof field.default === "number" ? String(scale(field.default)) : "";
      if (slider) slider.value = scale(typeof value === "number" ? value : field.default ?? ends.min);
      tell();
    },
  };
}

function drawChoice(field, get, set, id) {
  const isSwitch = field.kind === "switch";
  const choices = isSwitch ? [{ value: true, label: t("field.yes") }, { value: false, label: t("field.no") }] : field.choices;
  const select = make("select", { id },
    field.required && !field.optional ? null : make("option", { value: "" }, writeDefault(field) || t("field.unset")),
    choices.map((c, i) => make("option", { value: String(i) }, c.label)));
  select.addEventListener("change", () => set(select.value === "" ? undefined : choices[Number(select.value)].value));
  return { element: select, show() { const i = choices.findIndex((c) => c.value === get()); select.value = i < 0 ? "" : String(i); } };
}

function drawText(field, get, set, id) {
  const box = make("input", { type: "text", id, maxlength: field.longest ?? 200 });
  box.addEventListener("input", () => set(box.value === "" ? undefined : box.value));
  return { element: box, show() { box.value = get() ?? ""; } };
}

// One amount, or amounts by year: "2027: 10, 2030: 5"; what cannot be read is left to the check
function drawAmounts(field, get, set, id) {
  const box = make("input", { type: "text", id, placeholder: t("field.amounts") });
  const read = (text) => { const value = Number(text.trim().replace(",", ".")); return text.trim() === "" || Number.isNaN(value) ? text.trim() : value; };
  box.addEventListener("input", () => {
    if (box.value.trim() === "") set(undefined);
    else if (box.value.includes(":")) set(Object.fromEntries(box.value.split(/[,;]\s+|;/).map((part) => { const [year, amount = ""] = part.split(":"); return [year.trim(), read(amount)]; })));
    else set(read(box.value));
  });
  return {
    element: box,
    show() {
      const value = get();
      box.value = value === undefined || value === null ? "" : typeof value === "object" ? Object.entries(value).map(([y, a]) => `${y}: ${a}`).join(", ") : String(value);
    },
  };
}

// A mapping whose keys are known: each part is a field of its own, and the whole is taken away with its last part
function drawGroup(field, get, set, id, way, fields = field.fields) {
  const element = make("div", { class: "parts" });
  return {
    element,
    show() {
      element.replaceChildren(...fields.map((part) => drawField({ ...part, default: field.default?.[part.key] ?? part.default },
        () => get()?.[part.key],
        (value) => {
          const all = { ...(get() ?? field.default ?? {}) };
          if (value === undefined) delete all[part.key]; else all[part.key] = value;
          set(Object.keys(all).length || field.required ? all : undefined);
        }, `${way}/${part.key}`)));
    },
  };
}

function drawShares(field, get, set, id, way) {
  const fields = field.choices.map((c) => ({ key: c.value, label: c.label, hint: "", kind: "share", default: null, min: 0, max: 1, slider: { min: 0, max: 1, step: 0.01 } }));
  return drawGroup(field, get, set, id, way, fields);
}

function drawTuple(field, get, set, id, way) {
  const element = make("div", { class: "parts" });
  const start = () => field.labels.map((_, i) => field.default?.[i] ?? 0);
  return {
    element,
    show() {
      element.replaceChildren(...field.labels.map((label, i) => drawField(
        { ...field.item, key: String(i), label, hint: "", default: field.default?.[i] ?? null, slider: { min: 0, max: 1, step: 0.01 } },
        () => get()?.[i],
        (value) => { const all = [...(get() ?? start())]; all[i] = value ?? start()[i]; set(all); }, `${way}/${i}`)));
    },
  };
}

function drawRows(field, get, set, id, way) {
  const rows = make("div", {}), add = make("button", { type: "button", onclick: () => { set([...(get() ?? []), begin()]); show(); rows.lastElementChild.querySelector("input, select")?.focus(); } }, t("field.add_row"));
  const begin = () => Object.fromEntries(field.fields.filter((f) => f.required).map((f) => [f.key, firstOf(f)]));
  function show() {
    rows.replaceChildren(...(get() ?? []).map((_, i) => make("fieldset", { class: "row" },
      make("legend", {}, t("field.row", { n: i + 1 }),
        make("button", { type: "button", class: "plain", "aria-label": t("field.remove_row", { n: i + 1 }), onclick: () => { set(get().filter((_, j) => j !== i)); show(); add.focus(); } }, "✕")),
      field.fields.map((part) => drawField(part,
        () => get()[i]?.[part.key],
        (value) => set(get().map((row, j) => {
          if (j !== i) return row;
          const next = { ...row };
          if (value === undefined) delete next[part.key]; else next[part.key] = value;
          return next;
        })), `${way}/${i}/${part.key}`)))));
  }
  return { element: make("div", {}, rows, add), show };
}

function firstOf(field) {
  if (field.kind === "areas") return "all";
  if (field.kind === "choice") return field.choices[0].value;
  if (field.kind === "group") return Object.fromEntries(field.fields.map((f, i) => [f.key, i === 0 ? 1 : 0]));
  if (field.key === "year") return (plan.facts?.start ?? 2022) + 5;
  return field.kind === "text" ? "" : Math.max(field.min ?? 0, 0);
}

// Names one by one, with those of the city to choose from
function drawSchools(field, get, set, id) {
  const known = make("datalist", { id: `${id}-known` }), list = make("ul", { class: "chips" });
  const box = make("input", { type: "text", id, list: known.id, "aria-label": field.label });
  function add() {
    const name = box.value.trim();
    if (name && !(get() ?? []).includes(name)) set([...(get() ?? []), name]);
    box.value = "";
    show();
  }
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
  box.addEventListener("focus", () => known.replaceChildren(...(plan.places?.schools ?? []).map((name) => make("option", { value: name }))));
  function show() {
    list.replaceChildren(...(get() ?? []).map((name) => make("li", {}, name, make("button", {
      type: "button", class: "plain", "aria-label": t("field.remove_name", { name }),
      onclick: () => { const left = get().filter((n) => n !== name); set(left.length ? left : undefined); show(); box.focus(); },
    }, "✕"))));
  }
  return { element: make("div", {}, list, make("div", { class: "line" }, box, make("button", { type: "button", onclick: add }, t("field.add_name")), known)), show };
}

function drawByPlace(field, get, set, id, way) {
  const rows = make("div", {}), known = make("datalist", { id: `${id}-known` });
  const entries = () => Object.entries(get() ?? {});
  function put(list) { set(list.length ? Object.fromEntries(list) : undefined); }
  function show() {
    known.replaceChildren(...[...(plan.places?.districts ?? []).map((d) => d.name), ...(plan.places?.areas ?? [])].map((name) => make("option", { value: name })));
    rows.replaceChildren(...entries().map(([place, value], i) => make("div", { class: "line" },
      make("input", { type: "text", value: place, list: known.id, "aria-label": t("field.place"), onchange: (e) => { put(entries().map((pair, j) => (j === i ? [e.target.value, pair[1]] : pair))); show(); } }),
      make("input", { type: "number", class: "figure", value, "aria-label": field.label, oninput: (e) => put(entries().map((pair, j) => (j === i ? [pair[0], Number(e.target.value)] : pair))) }),
      make("button", { type: "button", class: "plain", "aria-label": t("field.remove_name", { name: place }), onclick: () => { put(entries().filter((_, j) => j !== i)); show(); } }, "✕"))));
  }
  const add = make("button", { type: "button", onclick: () => { put([...entries(), [plan.places?.districts[0]?.name ?? "", 0]]); show(); } }, t("field.add_row"));
  return { element: make("div", {}, rows, add, known), show };
}

const KINDS = {
  number: drawNumber, share: drawNumber, choice: drawChoice, switch: drawChoice, text: drawText, amounts: drawAmounts,
  group: drawGroup, shares: drawShares, tuple: drawTuple, rows: drawRows, schools: drawSchools, by_place: drawByPlace,
};
