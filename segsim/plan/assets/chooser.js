// Chooses the municipality: a field that lists what matches as it is written.

import { ask, make, newId, number, say, t } from "./dom.js";
import { chooseCity, plan } from "./plan.js";

const MOST = 8;

function simplify(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]/g, "");
}

export function buildChooser(start) {
  const list = make("ul", { id: newId(), role: "listbox", class: "matches", hidden: true, "aria-label": t("city.label") });
  const input = make("input", {
    id: newId(), type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "data-key": "city",
    "aria-expanded": "false", "aria-controls": list.id, spellcheck: "false",
  });
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  let matches = [], active = -1;

  function close() {
    list.hidden = true; active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function show() {
    const sought = simplify(input.value);
    const starts = (m) => simplify(m.name).startsWith(sought) || m.code.startsWith(sought);
    matches = sought ? start.municipalities.filter((m) => simplify(m.name).includes(sought) || m.code.startsWith(sought)) : [];
    matches.sort((a, b) => starts(b) - starts(a));
    const all = matches.length;
    matches = matches.slice(0, MOST);
    list.replaceChildren(...matches.map((m, i) => make("li", {
      id: `${list.id}-${i}`, role: "option", "aria-selected": "false", onmousedown: (e) => { e.preventDefault(); take(m.code, m.name); },
    }, make("span", {}, m.name), make("small", {}, `${m.code} · ${m.county} · ${t("city.persons", { n: number(m.persons) })}`))));
    list.hidden = !matches.length;
    input.setAttribute("aria-expanded", String(matches.length > 0));
    active = -1;
    if (sought) say(t("city.matches", { n: all }));
  }

  function mark(next) {
    if (!matches.length) return;
    active = (next + matches.length) % matches.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[active].id);
  }

  async function take(text, name = text) {
    close();
    input.value = name;
    problem.hidden = true;
    section.setAttribute("aria-busy", "true");
    const wrong = await chooseCity(text);
    section.removeAttribute("aria-busy");
    problem.hidden = !wrong;
    problem.textContent = wrong;
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    if (!wrong) { input.value = plan.facts.label; others.value = start.cities.some((c) => c.name === plan.facts.name) ? plan.facts.name : ""; say(plan.facts.label); }
  }

  input.addEventListener("input", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      mark(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = matches[active] ?? (matches.length === 1 && !list.hidden ? matches[0] : null);
      if (chosen) take(chosen.code, chosen.name); else take(input.value);
    } else if (event.key === "Escape") close();
  });
  const others = make("select", { id: newId(), "data-key": "other-city", onchange: () => others.value && take(others.value) },
    make("option", { value: "" }, t("city.pick")), ...start.cities.map((c) => make("option", { value: c.name }, c.label)));
  const section = make("section", { class: "card", id: "choose" },
    make("h2", {}, t("step.city")),
    make("div", { class: "two" },
      make("div", { class: "field combo" }, make("label", { for: input.id }, t("city.label")),
        make("div", { class: "line" }, input, make("button", { type: "button", class: "main", onclick: () => take(matches[0]?.code ?? input.value) }, t("city.choose"))),
        list, make("p", { class: "hint" }, t("city.hint")), problem),
      make("div", { class: "field" }, make("label", { for: others.id }, t("city.others")), others)));
  return { section, take };
}
