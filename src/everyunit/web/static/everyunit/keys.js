// Keys on lists: j and k move, Enter opens, / searches. Every page works without this file.
(function () {
  "use strict";
  const rows = Array.from(document.querySelectorAll("[data-row]"));
  let at = -1;

  function typing(target) {
    return target instanceof HTMLElement && target.matches("input, select, textarea, [contenteditable]");
  }

  function choose(next) {
    if (!rows.length) return;
    if (at >= 0) rows[at].removeAttribute("aria-selected");
    at = Math.min(Math.max(next, 0), rows.length - 1);
    const row = rows[at];
    row.setAttribute("aria-selected", "true");
    const link = row.querySelector("a[data-open]");
    if (link) link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") choose(at + 1);
    else if (event.key === "k") choose(at < 0 ? 0 : at - 1);
    else if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (!search) return;
      const fold = search.closest("details");
      if (fold) fold.open = true;
      search.focus();
      search.select();
    } else return;
    event.preventDefault();
  });

  // Enter opens the chosen row: its link has the focus. A row that gets the focus by Tab becomes the chosen one.
  rows.forEach(function (row, index) {
    row.addEventListener("focusin", function () {
      if (at !== index) {
        if (at >= 0) rows[at].removeAttribute("aria-selected");
        at = index;
        row.setAttribute("aria-selected", "true");
      }
    });
  });

  document.querySelectorAll("form.ask select[data-go]").forEach(function (select) {
    select.addEventListener("change", function () { select.form.requestSubmit(); });
  });
})();
