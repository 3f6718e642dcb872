// The plan beside its policies: name, years, cost, who decides, what the check says, and its file.

import { ask, language, make, newId, say, t } from "./dom.js";
import { change, on, open, plan, policies } from "./plan.js";
import { buildRun } from "./run.js";

export function buildSummary(start) {
  const name = make("input", { type: "text", id: newId(), maxlength: 200, "data-key": "plan-name" });
  const years = make("input", { type: "range", id: newId(), min: 1, max: 30, step: 1, "data-key": "years" });
  const span = make("output", { for: years.id }), body = make("div", { "aria-live": "polite" }), yaml = make("pre", { tabindex: "0" }), file = make("p", { class: "hint", role: "status" });
  const label = language === "sv" ? "label_sv" : "label_en", other = language === "sv" ? "label_en" : "label_sv";

  name.addEventListener("input", () => {
    if (!plan.draft[other] || plan.draft[other] === plan.draft[label]) plan.draft[other] = name.value;
    plan.draft[label] = name.value;
    change();
  });
  years.addEventListener("input", () => { plan.draft.years = Number(years.value); showYears(); change(); });

  function showYears() {
    const first = typeof plan.draft.start === "number" ? plan.draft.start : plan.facts?.start ?? 2022, n = plan.draft.years ?? 10;
    span.textContent = `${n}, ${t("plan.from_start", { start: first, last: first + n })}`;
    years.setAttribute("aria-valuetext", span.textContent);
  }

  function showDraft() {
    name.value = plan.draft[label] || plan.draft[other] || "";
    years.max = Math.max(30, plan.draft.years ?? 10);
    years.value = plan.draft.years ?? 10;
    showYears();
  }

  function showChecked() {
    const { problems = [], remarks = [], plan: told, problem } = plan.checked;
    yaml.textContent = plan.checked.yaml ?? "";
    placeProblems(problems);
    body.replaceChildren(...[
      problem ? make("p", { class: "problem" }, problem) : null,
      told && told.policies.length ? make("dl", { class: "total" }, make("dt", {}, t("plan.total")), make("dd", { "data-key": "total" }, plan.checked.ready ? told.total : t("plan.not_yet")),
        make("dt", {}, t("plan.deciders")), make("dd", { "data-key": "deciders" }, told.deciders)) : null,
      problems.length ? make("div", { class: "problem" }, make("b", {}, t("plan.problems")), make("ul", {}, problems.map((p) => make("li", {}, p.text)))) : null,
      remarks.length ? make("div", { class: "remark" }, make("b", {}, t("plan.remarks")), make("ul", {}, remarks.map((r) => make("li", {}, r)))) : null,
      plan.checked.ready && !problems.length && !remarks.length && policies().length ? make("p", { class: "fine" }, t("plan.fine")) : null,
      told && told.policies.length ? make("ul", { class: "sum" }, told.policies.map((p) => make("li", {}, make("b", {}, p.title),
        make("span", {}, [p.when, p.where].filter(Boolean).join(", ")), p.reached ? make("span", {}, p.reached) : null,
        p.cost ? make("span", {}, `${t("policies.cost")}: ${p.cost}`) : null, make("span", {}, `${t("plan.deciders")}: ${p.decider}. ${p.law}`), make("span", { class: "hint" }, p.evidence)))) : null,
    ].filter(Boolean));
    showFacts(told);
  }

  async function save() {
    let answer = await ask("save", { draft: plan.draft });
    if (answer.exists) {
      if (!confirm(t("plan.replace", { path: answer.exists }))) return;
      answer = await ask("save", { draft: plan.draft, replace: true });
    }
    file.textContent = answer.problem ?? `${t("plan.saved", { path: answer.saved })}. ${t("plan.as_command", { path: answer.saved })}`;
    file.className = answer.problem ? "problem" : "hint";
  }

  function download() {
    const link = make("a", { href: URL.createObjectURL(new Blob([plan.checked?.yaml ?? ""], { type: "application/yaml" })), download: `${plan.checked?.name ?? "plan"}.yaml` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const pick = make("input", { type: "file", accept: ".yaml,.yml", class: "spoken", tabindex: "-1", "aria-hidden": "true", "data-key": "file" });
  pick.addEventListener("change", async () => {
    const chosen = pick.files[0];
    if (!chosen) return;
    const answer = await ask("load", { name: chosen.name, text: await chosen.text() });
    pick.value = "";
    file.textContent = answer.problem ?? t("plan.loaded", { name: chosen.name });
    file.className = answer.problem ? "problem" : "hint";
    if (!answer.problem) { document.dispatchEvent(new CustomEvent("load-plan", { detail: answer.draft })); say(file.textContent); }
  });

  on("draft", showDraft);
  on("city", () => { section.hidden = false; showYears(); });
  on("checked", showChecked);
  const { element: run } = buildRun(start);
  const section = make("aside", { class: "card", id: "plan", hidden: true, "aria-label": t("plan.heading"), tabindex: "-1" }, make("h2", {}, t("plan.heading")),
    make("div", { class: "field", "data-way": "label_en" }, make("label", { for: name.id }, t("plan.name")), name, make("div", { class: "problems" })),
    make("div", { class: "field", "data-way": "years" }, make("label", { for: years.id }, t("plan.years")), years, span, make("div", { class: "problems" })),
    run, body,
    make("details", {}, make("summary", {}, t("plan.file")), yaml),
    make("div", { class: "line" },
      make("button", { type: "button", "data-key": "save", onclick: save }, t("plan.save")),
      make("button", { type: "button", "data-key": "download", onclick: download }, t("plan.download")),
      make("button", { type: "button", "data-key": "load", onclick: () => pick.click() }, t("plan.load")), pick), file);
  return section;
}

// Puts each message of the check beside the field it is about, or beside the nearest that holds it
function placeProblems(problems) {
  for (const slot of document.querySelectorAll(".problems")) slot.replaceChildren();
  for (const field of document.querySelectorAll("[aria-invalid][data-marked]")) { field.removeAttribute("aria-invalid"); field.removeAttribute("data-marked"); field.removeAttribute("aria-describedby"); }
  for (const { keys, text } of problems) {
    for (let n = keys.length; n > 0; n -= 1) {
      const field = document.querySelector(`[data-way="${CSS.escape(keys.slice(0, n).join("/"))}"]`);
      if (!field) continue;
      const slot = field.querySelector(":scope > .problems"), told = make("p", { class: "problem", id: newId() }, text);
      slot?.append(told);
      const input = field.matches(".policy") ? null : field.querySelector("input, select");
      if (input) { input.setAttribute("aria-invalid", "true"); input.setAttribute("aria-describedby", told.id); input.dataset.marked = ""; }
      for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
      break;
    }
  }
}

function showFacts(told) {
  document.querySelectorAll(".policy").forEach((card, i) => {
    const facts = told?.policies[i], slot = card.querySelector(".facts");
    if (slot && facts) slot.textContent = [facts.cost ? `${t("policies.cost")}: ${facts.cost}.` : "", facts.reached, `${t("plan.deciders")}: ${facts.decider}.`, facts.law].filter(Boolean).join(" ");
  });
}
