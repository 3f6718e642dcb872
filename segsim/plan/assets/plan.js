// The plan on the page: the values of its scenario file, and who is told when they change.

import { ask } from "./dom.js";

const PAUSE = 350;  // ms from the last change to the check
const AGAIN = 1500;  // ms until a city that is being made is asked for again

export const plan = { draft: null, checked: null, facts: null, places: null, forms: {}, start: null };
const listeners = { draft: [], checked: [], city: [], places: [] };
let timer = null, asked = 0;

export function on(what, act) { listeners[what].push(act); }
export function announce(what) { for (const act of listeners[what]) act(); }

export function policies() { return plan.draft.policies ?? []; }

// Opens another plan; fields are drawn anew
export function open(draft) {
  plan.draft = draft;
  plan.checked = null;
  announce("draft");
  change();
}

// Notes that a value has changed: the plan is kept and checked
export function change() {
  sessionStorage.setItem("segsim-plan", JSON.stringify({ token: document.documentElement.dataset.token, draft: plan.draft }));
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

export function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem("segsim-plan"));
    return kept && kept.token === document.documentElement.dataset.token ? kept.draft : null;
  } catch { return null; }
}

async function check() {
  const number = ++asked, answer = await ask("check", { draft: plan.draft });
  if (number !== asked) return;
  plan.checked = answer;
  announce("checked");
  if (answer.plan && !answer.ready) timer = setTimeout(check, AGAIN);
  if (answer.ready && (!plan.places || plan.places.name !== plan.draft.extends)) await learnPlaces();
}

async function learnPlaces() {
  const name = plan.draft.extends, answer = await ask("places", { name });
  if (answer.ready && plan.draft.extends === name) {
    plan.places = { name, ...answer };
    announce("places");
  }
}

// Chooses a city by a text; returns what is wrong, or nothing
export async function chooseCity(text) {
  const facts = await ask("city", { name: text });
  if (facts.problem) return facts.problem;
  plan.facts = facts;
  if (plan.places?.name !== facts.name) plan.places = null;
  if (!plan.draft) open({ extends: facts.name, label_en: "", label_sv: "", years: 10, policies: [] });
  else if (plan.draft.extends !== facts.name) {
    plan.draft.extends = facts.name;
    change();
  }
  announce("city");
  if (plan.places) announce("places");
  return "";
}
