// The pages that gather the whole book: the question bank's choices, the map's lines.

(() => {
  "use strict";

  const make = (tag, className, ...children) => {
    const node = document.createElement(tag);
    node.className = className;
    node.append(...children);
    return node;
  };

  // Choose, shuffle, and see how many there are. Without this the bank is a plain list.
  const fillBank = (bank) => {
    const cards = [...document.querySelectorAll("details.question")];
    const parts = [...document.querySelectorAll(".bd-article section section")];
    const places = cards.map((card) => ({
      card,
      home: card.parentElement,
      chapter: card.closest("section:has(> h2)"),
      level: card.querySelector(".mlsheet-level").textContent,
    }));
    for (const { card, home } of places) {
      const link = home.querySelector("h3 a").cloneNode(true);
      card.querySelector(".answer").append(make("p", "from", "From ", link));
    }

    const choice = (label, options) => {
      const select = make("select", "", ...options.map(([value, text]) => new Option(text, value)));
      select.addEventListener("change", choose);
      bank.append(make("label", "", label, select));
      return select;
    };
    const button = (label, act) => {
      const node = make("button", "", label);
      node.type = "button";
      node.addEventListener("click", act);
      bank.append(node);
    };

    const choose = () => {
      const right = ({ card, chapter: part, level: difficulty }) =>
        (!chapter.value || part.id === chapter.value) &&
        (!level.value || difficulty === level.value) &&
        (!mark.value || (mark.value === "left" ? card.dataset.mark !== "known" : card.dataset.mark === mark.value));
      for (const place of places) place.card.hidden = !right(place);
      for (const part of parts) part.hidden = !part.querySelector("details.question:not([hidden])");
      status.textContent = `${places.filter(right).length} of ${places.length} questions`;
    };

    const all = ["", "all"];
    const chapters = [...new Set(places.map(({ chapter }) => chapter))];
    const title = (part) => part.querySelector("h2").firstChild.textContent;
    const chapter = choice("Chapter", [all, ...chapters.map((part) => [part.id, title(part)])]);
    const level = choice("Level", [all, ...["Easy", "Medium", "Hard"].map((it) => [it, it])]);
    const mark = choice("Marks", [all, ["left", "not known yet"], ["again", "again"]]);
    const shuffled = make("div", "shuffled");
    button("Shuffle", () => {
      const drawn = cards.map((card) => [Math.random(), card]).sort(([a], [b]) => a - b);
      shuffled.append(...drawn.map(([, card]) => card));
      choose();
    });
    button("In order", () => {
      for (const { card, home } of places) home.append(card);
      choose();
    });
    const status = make("p", "status");
    status.setAttribute("role", "status");
    bank.append(status);
    bank.after(shuffled);
    document.addEventListener("mlsheet-marks", choose);
    choose();
  };

  // A section's own lines stand out while one points at it.
  const lightMap = (map) => {
    for (const node of map.querySelectorAll("a[data-number]")) {
      const { number } = node.dataset;
      const lines = map.querySelectorAll(`[data-from="${number}"], [data-to="${number}"]`);
      const light = (on) => () => lines.forEach((line) => line.classList.toggle("lit", on));
      for (const event of ["mouseenter", "focus"]) node.addEventListener(event, light(true));
      for (const event of ["mouseleave", "blur"]) node.addEventListener(event, light(false));
    }
  };

  document.querySelectorAll(".mlsheet-bank").forEach(fillBank);
  document.querySelectorAll(".mlsheet-map").forEach(lightMap);
})();
