// Elements, texts, and messages to the server.

export const language = document.documentElement.lang;
const locale = language === "sv" ? "sv-SE" : "en-GB";
let texts = {};

export function learnTexts(told) { texts = told; }

export function t(key, values = {}) {
  return (texts[`plan.${key}`] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function hasText(key) { return `plan.${key}` in texts; }

export function number(value, decimals = 6) {
  return value.toLocaleString(locale, { maximumFractionDigits: decimals });
}

export function percent(share, decimals = 0) {
  if (share === null || share === undefined) return "–";
  return `${number(100 * share, decimals)}${language === "sv" ? "\u00a0" : ""}%`;
}

// make("p", { class: "hint", onclick: f, "data-x": 1 }, "text", child): an element; null children are left out
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

let names = 0;
export function newId() { names += 1; return `f${names}`; }

export function say(text) {
  const spoken = document.getElementById("spoken");
  spoken.textContent = spoken.textContent === text ? `${text}\u00a0` : text;
}

// Returns what the server answers; { problem } where it refuses or is gone
export async function ask(action, message = {}) {
  try {
    const answer = await fetch(`/api/${action}?language=${language}`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message),
    });
    return await answer.json();
  } catch {
    return { problem: t("message.lost"), lost: true };
  }
}
