// Runs the plan, tells how far it has come, and shows the report.

import { ask, make, newId, number, say, t } from "./dom.js";
import { plan, policies } from "./plan.js";

const PAUSE = 600;  // ms between questions of how far it has come
let parts = null, timer = null, spoken = "";

export function buildRun(start) {
  const seeds = make("input", { type: "number", id: newId(), class: "figure", min: 1, max: start.most_seeds, step: 1, value: 20, "data-key": "seeds" });
  const run = make("button", { type: "button", class: "main", "data-key": "run", onclick: () => startRun("compare") }, t("run.button"));
  const cancel = make("button", { type: "button", "data-key": "cancel", hidden: true, onclick: async () => { await ask("cancel"); follow(); } }, t("run.cancel"));
  const bar = make("progress", { max: 1, value: 0, hidden: true, "aria-label": t("run.button") }), state = make("p", { id: "run-state" });
  parts = { seeds, run, cancel, bar, state };
  const element = make("div", { class: "run" },
    make("div", { class: "field" }, make("label", { for: seeds.id }, t("plan.seeds")), make("div", { class: "line" }, seeds, run, cancel), make("p", { class: "hint" }, t("plan.seeds_hint"))),
    bar, state);
  follow();
  return { element };
}

export function buildReport() {
  const frame = make("div", {}), section = make("section", { class: "card", id: "report", hidden: true, tabindex: "-1" }, make("h2", {}, t("run.report")), frame);
  parts.hide = () => { section.hidden = true; frame.replaceChildren(); };  // the server keeps the report of one run
  parts.show = (progress) => {
    const link = `${progress.link}?${Date.now()}`;
    section.hidden = false;
    frame.replaceChildren(
      make("p", {}, make("a", { href: link, target: "_blank", rel: "noopener", "data-key": "open-report" }, t("run.open")), " ", make("span", { class: "hint" }, t("run.folder", { folder: progress.folder }))),
      make("iframe", { src: link, title: t("run.title"), "data-key": "report" }));
  };
  return section;
}

export async function startRun(kind) {
  if (kind === "compare" && !policies().length && !("programme" in plan.draft)) return tell(t("run.needs_policy"), true);
  if (kind === "compare" && plan.checked?.problems?.length) return tell(t("run.needs_mending"), true);
  const message = { kind, seeds: parts.seeds.valueAsNumber || 20, draft: plan.draft, city: plan.draft.extends };
  let answer = await ask("run", message);
  if (answer.exists) {
    if (!confirm(t("plan.replace", { path: answer.exists }))) return undefined;
    answer = await ask("run", { ...message, replace: true });
  }
  if (answer.problem && answer.state === undefined) return tell(answer.problem, true);
  return follow();
}

function tell(text, isProblem = false) {
  parts.state.textContent = text;
  parts.state.className = isProblem ? "problem" : "";
  const short = text.replace(/\d+/g, "");
  if (short !== spoken) say(text);
  spoken = short;
}

function time(seconds) {
  return seconds >= 90 ? t("run.minutes", { n: number(seconds / 60, 0) }) : t("run.seconds", { n: number(Math.max(seconds, 1), 0) });
}

async function follow() {
  clearTimeout(timer);
  const progress = await ask("progress");
  const isBusy = progress.state === "running" || progress.state === "writing";
  parts.run.disabled = isBusy;
  parts.cancel.hidden = parts.bar.hidden = !isBusy;
  if (isBusy) parts.hide?.();
  if (progress.lost) tell(progress.problem, true);
  else if (progress.state === "running") {
    parts.bar.max = progress.total || 1;
    if (progress.done) parts.bar.value = progress.done; else parts.bar.removeAttribute("value");
    const left = progress.left ? `, ${t("run.left", { time: time(progress.left) })}` : "";
    tell(progress.total && progress.done ? t("run.running", progress) + left : t("run.starting"));
  } else if (progress.state === "writing") { parts.bar.value = parts.bar.max; tell(t("run.writing")); }
  else if (progress.state === "failed") tell(`${t("run.failed")} ${progress.problem}`, true);
  else if (progress.state === "cancelled") tell(t("run.cancelled"));
  else if (progress.state === "done" && progress.link) {
    tell(t("run.done"));
    parts.show?.(progress);
  }
  if (isBusy || progress.lost) timer = setTimeout(follow, progress.lost ? 5 * PAUSE : PAUSE);
}
