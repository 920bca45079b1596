// Lists: rows open on click, selection, columns, search while typing.
(() => {
  const { on } = window.yiwei;

  on("click", "tr[data-href]", (e, row) => {
    if (e.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
    if (e.ctrlKey || e.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else location.href = row.dataset.href;
  });

  // by keyboard: j and k move, Enter opens, Space looks into, x ticks
  const rowsOf = () => [...document.querySelectorAll("#list tbody tr[data-href]")];
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.target.closest?.("input:not([type=checkbox]), textarea, select, dialog, details[open], [contenteditable]")) return;
    const all = rowsOf(), at = all.indexOf(document.activeElement?.closest?.("tr[data-href]"));
    if (!all.length) return;
    if (e.key === "j" || e.key === "k") {
      const next = all[Math.min(Math.max(at + (e.key === "j" ? 1 : -1), 0), all.length - 1)];
      next.tabIndex = -1;
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (at >= 0 && document.activeElement === all[at]) {
      if (e.key === "Enter") location.href = all[at].dataset.href;
      else if (e.key === " ") { e.preventDefault(); window.yiwei.peek(all[at]); }
      else if (e.key === "x") all[at].querySelector("[data-pick=one]")?.click();
    }
  });

  const boxes = () => [...document.querySelectorAll("[data-pick=one]")];
  const count = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const n = boxes().filter(b => b.checked).length;
    bar.classList.toggle("open", n > 0);
    const whole = document.querySelector("[data-pick=match]"), all_ = n > 0 && n === boxes().length;
    if (!all_) delete bar.dataset.all;
    if (whole) { whole.hidden = !all_; whole.setAttribute("aria-pressed", String(Boolean(bar.dataset.all))); }
    bar.querySelector(".bulk-count").classList.toggle("whole", Boolean(bar.dataset.all));
    bar.querySelector(".bulk-count b").textContent = bar.dataset.all ? "" : n;
    const all = document.querySelector("[data-pick=all]");
    if (all) { all.checked = n > 0 && n === boxes().length; all.indeterminate = n > 0 && n < boxes().length; }
  };
  on("change", "[data-pick]", (e, box) => {
    e.stopPropagation();
    if (box.dataset.pick === "all") boxes().forEach(b => { b.checked = box.checked; });
    count();
  });
  on("click", "[data-pick=match]", (e, button) => {
    const bar = button.closest("[data-bulk]");
    if (bar.dataset.all) delete bar.dataset.all; else bar.dataset.all = "1";
    count();
  });
  // rows that a bulk refused keep their tick
  const ticks = (() => { try { const t = sessionStorage.getItem("yiwei-ticks"); sessionStorage.removeItem("yiwei-ticks"); return t; } catch { return null; } })();
  if (ticks) {
    const wanted = new Set(ticks.split(","));
    boxes().forEach(b => { b.checked = wanted.has(b.value); });
    count();
  }
  on("click", "[data-pick=none]", () => { boxes().forEach(b => { b.checked = false; }); count(); });
  document.addEventListener("htmx:after:swap", count);
  window.addEventListener("pageshow", count);

  on("click", "[data-columns-apply]", (e, button) => {
    const box = button.closest("[data-columns]"), url = new URL(location.href);
    const names = [...box.querySelectorAll("input:checked")].map(i => i.value);
    if (names.length) url.searchParams.set("cols", names.join(","));
    else url.searchParams.delete("cols");
    url.searchParams.delete("after");
    url.searchParams.delete("before");
    location.href = url;
  });
  on("change", "[data-columns] input, .save-view input", e => e.stopPropagation());

  // filters: do not put empty fields into the address
  document.addEventListener("htmx:config:request", e => {
    const ctx = e.detail.ctx;
    if (!ctx.sourceElement.matches("#filters")) return;
    for (const [name, value] of [...ctx.request.body]) if (value === "") ctx.request.body.delete(name);
  });
  let timer, open = false;
  document.addEventListener("input", e => {
    if (!e.target.matches("[data-live]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => { if (!e.target.dataset.composing) e.target.form.dispatchEvent(new Event("apply")); }, 350);
  });
  document.addEventListener("compositionstart", e => { if (e.target.matches("[data-live]")) e.target.dataset.composing = "1"; });
  document.addEventListener("compositionend", e => {
    if (!e.target.matches("[data-live]")) return;
    delete e.target.dataset.composing;
    e.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // what was typed while the answer was on its way stays; an open filter panel stays open
  let typed = null;
  document.addEventListener("htmx:before:swap", () => {
    const box = document.getElementById("q");
    typed = box && document.activeElement === box ? [box.value, box.selectionStart] : null;
    open = Boolean(document.querySelector(".filter-more[open]"));
  });
  document.addEventListener("htmx:after:swap", () => {
    const panel = document.querySelector(".filter-more");
    if (panel && open) panel.open = true;
    const box = document.getElementById("q");
    if (!typed || !box) return;
    const changed = box.value !== typed[0];
    box.value = typed[0];
    box.focus();
    box.setSelectionRange(typed[1], typed[1]);
    typed = null;
    if (changed) box.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
