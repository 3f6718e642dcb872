// What a lesson tells beside the board: the answer to a guess, and the life of the household that is followed.
"use strict";

(() => {
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  // An answer is shown when the years are over, and taken away when they begin anew.
  function answer({ header, setup, reading }) {
    const box = document.getElementById("answer"), asked = setup.exercise;
    if (!box || !asked) return;
    const decided = reading[asked.asked], today = reading[`${asked.asked}_today`];
    box.hidden = !(header.settled && header.step >= asked.years && asked.guess && today !== undefined);
    if (box.hidden) return;
    const difference = decided - today;
    const what = Math.abs(difference) < asked.by ? "same" : difference < 0 ? "falls" : "rises";
    const write = (value) => segsim.write(value, asked.format);
    const text = put(asked.texts.seen, {
      decided: write(decided), today: write(today), answer: asked.texts[what], guess: asked.texts[asked.guess],
    });
    const verdict = document.getElementById("verdict"), all = `${text} ${asked.texts[what === asked.guess ? "right" : "wrong"]}`;
    if (verdict.textContent !== all) verdict.textContent = all;
  }

  function write([year, what, names], { life, tenure }) {
    if (what === "school" && !names.length) return put(life.no_school, { year });
    const schools = what === "school" ? [...new Set(names)].map((name) => name || life.new_school).join(", ") : "";
    return put(life[what], { year, schools, place: names[0], n: names[0], tenure: tenure[names[1]] });
  }

  // One list for both lives: what happens in one city alone is marked by its name.
  function tellLives({ header, setup }) {
    const box = document.getElementById("life");
    if (!box || !header.lives || header.lives.length < 2) return;
    const told = JSON.stringify([header.lives.map((life) => life[0]), setup.locale]);
    if (box.dataset.told === told) return;
    box.dataset.told = told;
    const sides = header.lives.map(([events]) => events.map((event) => ({ year: event[0], text: write(event, setup.texts) })));
    const texts = sides.map((events) => new Set(events.map((event) => event.text)));
    const all = [...sides[0].map((event) => ({ ...event, side: texts[1].has(event.text) ? null : 0 })),
      ...sides[1].filter((event) => !texts[0].has(event.text)).map((event) => ({ ...event, side: 1 }))];
    all.sort((one, other) => one.year - other.year);
    box.replaceChildren(...all.map(({ text, side }) => {
      const item = document.createElement("p");
      if (side !== null) {
        const name = document.createElement("b");
        name.textContent = `${setup.texts.side[side]}: `;
        item.append(name);
        item.className = "differs";
      }
      item.append(text);
      return item;
    }));
  }

  document.addEventListener("segsim-drawn", ({ detail }) => { answer(detail); tellLives(detail); });
})();
