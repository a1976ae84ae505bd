// What a page of the book does besides standing still: marks on the interview questions, kept in
// this browser; search results that say what a section is about; folds that open for the printer.

(() => {
  "use strict";

  const MARKS = { known: "Knew it", again: "Again" };
  const KEY = "mlsheet-marks";

  // A browser may refuse storage, or have no room left; then marks last as long as the page does.
  let storage = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();
  let marks = {};

  const readMarks = () => {
    if (storage) marks = JSON.parse(storage.getItem(KEY) ?? "{}");
  };

  const setMark = (id, mark) => {
    readMarks();
    if (marks[id] === mark) delete marks[id];
    else marks[id] = mark;
    try {
      storage?.setItem(KEY, JSON.stringify(marks));
    } catch {
      storage = null;
    }
    showMarks();
  };

  const make = (tag, className, text = "") => {
    const node = document.createElement(tag);
    node.className = className;
    node.textContent = text;
    return node;
  };

  const cards = [...document.querySelectorAll("details.question[id]")];

  for (const card of cards) {
    const group = make("div", "marks");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "How did it go?");
    for (const [mark, label] of Object.entries(MARKS)) {
      const button = make("button", "", label);
      button.type = "button";
      button.dataset.mark = mark;
      button.addEventListener("click", () => setMark(card.id, mark));
      group.append(button);
    }
    card.append(group);
    card.querySelector("summary").append(make("span", "state"));
  }

  const count = (ids) => ids.filter((id) => marks[id] !== "known").length;

  const showLeft = (line) => {
    const here = count(cards.map((card) => card.id));
    const ids = window.mlsheetQuestions?.[line.dataset.chapter] ?? [];
    const chapter = count(ids);
    const of = (left, all) => (left === 0 ? `none of ${all}` : `${left} of ${all}`);
    line.textContent =
      chapter === 0
        ? `You knew all ${ids.length} questions of this chapter.`
        : `Left to learn: ${of(here, cards.length)} on this page, ` +
          `${of(chapter, ids.length)} in this chapter.`;
    line.hidden = false;
  };

  const showMarks = () => {
    for (const card of cards) {
      const mark = marks[card.id];
      card.dataset.mark = mark ?? "";
      card.querySelector(".state").textContent = MARKS[mark] ?? "";
      for (const button of card.querySelectorAll(".marks button"))
        button.setAttribute("aria-pressed", String(button.dataset.mark === mark));
    }
    document.querySelectorAll(".mlsheet-left").forEach(showLeft);
    document.dispatchEvent(new Event("mlsheet-marks"));
  };

  if (cards.length) {
    readMarks();
    showMarks();
    window.addEventListener("storage", (event) => {
      if (event.key !== KEY) return;
      readMarks();
      showMarks();
    });
  }

  // Search: a page from disk may not fetch the others, so their first words come with the book.
  const results = document.getElementById("search-results");
  if (results && window.mlsheetMinutes) {
    const describe = (item) => {
      const path = item.querySelector("a")?.getAttribute("href") ?? "";
      const minute = window.mlsheetMinutes[path.replace(/\.html$/, "")];
      if (minute) item.append(make("p", "context", minute));
    };
    new MutationObserver((records) => {
      for (const record of records)
        for (const node of record.addedNodes) if (node.tagName === "LI") describe(node);
    }).observe(results, { childList: true, subtree: true });
  }

  // A formula that is wider than the screen scrolls, by keyboard too.
  const scrollable = () => {
    for (const formula of document.querySelectorAll("div.math")) {
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", async () => {
    await window.MathJax?.startup?.promise;
    scrollable();
    window.addEventListener("resize", scrollable);
  });

  // Print: everything folded is on paper, and folded again afterwards.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(".bd-article details:not([open])")];
    for (const fold of folded) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of folded) fold.open = false;
  });
})();
