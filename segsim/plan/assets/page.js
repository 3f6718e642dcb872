// Puts the page together.

import { buildChooser } from "./chooser.js";
import { ask, language, learnTexts, make, t } from "./dom.js";
import { chooseCity, open, plan, recall } from "./plan.js";
import { buildPolicies } from "./policies.js";
import { buildReport } from "./run.js";
import { buildStanding } from "./standing.js";
import { buildSummary } from "./summary.js";

const start = await ask("start");
learnTexts(start.texts ?? {});
plan.start = start;
const page = document.getElementById("page");
if (start.problem) page.append(make("p", { class: "problem" }, start.problem));
else {
  const other = language === "sv" ? "en" : "sv";
  document.getElementById("tools").append(
    make("a", { href: "#plan", class: "skip" }, t("skip")),
    make("a", { href: `/?language=${other}`, lang: other, "data-key": "language" }, t("other_language")));
  const chooser = buildChooser(start), standing = buildStanding(), policies = buildPolicies(start), summary = buildSummary(start), report = buildReport();
  page.append(chooser.section, standing, make("div", { class: "columns" }, policies, summary), report);

  async function show(draft) {
    open(draft);
    const wrong = await chooser.take(draft.extends);
    return wrong;
  }
  document.addEventListener("load-plan", (event) => show(event.detail));
  const draft = recall() ?? start.draft;
  if (draft) await show(draft);
}
page.dataset.ready = "";
