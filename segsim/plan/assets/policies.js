// Shows the policies of the plan, each a form, and lets others be added.

import { buildAreas } from "./areas.js";
import { hasText, make, newId, say, t } from "./dom.js";
import { drawField } from "./fields.js";
import { change, on, plan, policies } from "./plan.js";

const SHOWN = new Set(["extends", "label_en", "label_sv", "years", "policies", "start", "summary", "summary_sv", "rationale", "rationale_sv"]);

export function buildPolicies(start) {
  plan.forms = Object.fromEntries(start.policies.map((form) => [form.kind, form]));
  const list = make("div", {}), kept = make("p", { class: "hint" });
  const choose = make("select", { id: newId(), "data-key": "policy" }, make("option", { value: "" }, t("policies.choose")),
    [...new Set(start.policies.map((f) => f.theme))].map((theme) => make("optgroup", { label: hasText(`theme.${theme}`) ? t(`theme.${theme}`) : theme },
      start.policies.filter((f) => f.theme === theme).map((f) => make("option", { value: f.kind }, f.title)))));
  const about = make("div", { class: "about", role: "region", "aria-live": "polite" });
  const add = make("button", { type: "button", class: "main", "data-key": "add", disabled: true, onclick: addChosen }, t("policies.adds"));
  choose.addEventListener("change", () => {
    const form = plan.forms[choose.value];
    add.disabled = !form;
    about.replaceChildren(...(form ? [make("p", {}, form.mechanism), make("p", { class: "hint" }, t("policies.decided", { decider: form.decider }), ". ", form.strength, ".")] : []));
  });

  function addChosen() {
    const form = plan.forms[choose.value];
    if (!form) return;
    plan.draft.policies = [...policies(), { [form.kind]: structuredClone(form.example) }];
    show();
    change();
    say(t("policies.added", { title: form.title }));
    choose.value = "";
    choose.dispatchEvent(new Event("change"));
    const heading = list.lastElementChild.querySelector("h3");
    heading.focus();
    heading.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  function remove(index) {
    const kind = Object.keys(policies()[index])[0], title = plan.forms[kind]?.title ?? kind;
    plan.draft.policies = policies().filter((_, i) => i !== index);
    show();
    change();
    say(t("policies.removed", { title }));
    choose.focus();
  }

  function show() {
    list.replaceChildren(...policies().map((item, i) => drawPolicy(item, i, () => remove(i))));
    if (!policies().length) list.replaceChildren(make("p", { class: "empty" }, t("policies.none")));
    const others = Object.keys(plan.draft).filter((key) => !SHOWN.has(key));
    kept.textContent = others.length ? t("policies.kept", { keys: others.join(", ") }) : "";
    kept.hidden = !others.length;
  }

  on("draft", show);
  const section = make("section", { class: "card", id: "policies", hidden: true }, make("h2", {}, t("step.policies")), make("p", { class: "hint" }, t("policies.lead")), kept, list,
    make("div", { class: "adding" }, make("label", { for: choose.id }, t("policies.add")), make("div", { class: "line" }, choose, add), about));
  on("city", () => { section.hidden = false; });
  return section;
}

function drawPolicy(item, index, remove) {
  const kind = typeof item === "object" && item ? Object.keys(item)[0] : String(item), form = plan.forms[kind];
  const way = `policies/${index}/${kind}`, settings = typeof item === "object" && item ? item[kind] : null;
  const title = form?.title ?? kind;
  const head = make("div", { class: "head" }, make("h3", { tabindex: "-1" }, title),
    make("button", { type: "button", class: "plain", "data-key": "remove", "aria-label": `${t("policies.remove")}: ${title}`, onclick: remove }, t("policies.remove")));
  const facts = make("div", { class: "facts" }), problems = make("div", { class: "problems" });
  if (!form || typeof settings !== "object" || !settings) {
    return make("article", { class: "policy", "data-way": way }, head, make("p", { class: "hint" }, t("policies.unknown")), problems);
  }
  const draw = (field) => drawField(field, () => settings[field.key], (value) => {
    if (value === undefined) delete settings[field.key]; else settings[field.key] = value;
    change();
  }, `${way}/${field.key}`);
  const areas = form.takes_areas || settings.areas !== undefined ? buildAreas(() => settings.areas, (value) => {
    if (value === undefined) delete settings.areas; else settings.areas = value;
    change();
  }, `${way}/areas`, t("areas.legend")) : null;
  const [since, until, ...more] = form.more;
  return make("article", { class: "policy", "data-way": way }, head, facts, problems,
    make("details", {}, make("summary", {}, t("policies.about")), tell(form)),
    form.fields.map(draw), make("div", { class: "years" }, draw(since), draw(until)), areas,
    make("details", { open: more.some((f) => settings[f.key] !== undefined) }, make("summary", {}, t("policies.more")), more.map(draw)));
}

function tell(form) {
  const part = (name, text) => (text ? [make("dt", {}, t(`policies.${name}`)), make("dd", {}, text)] : []);
  return [make("dl", {}, part("does", form.mechanism), part("known", `${form.strength}. ${form.effect}`), part("law", form.legal), part("cost", form.cost)),
    make("p", { class: "hint" }, t("policies.sources", { items: form.sources }))];
}
