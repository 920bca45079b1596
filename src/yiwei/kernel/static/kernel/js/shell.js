// Menus, side bar, appearance, search key, messages, submit once.
(() => {
  const root = document.documentElement, words = () => document.body.dataset;
  const on = (event, selector, fn) => document.addEventListener(event, e => {
    const hit = e.target.closest?.(selector);
    if (hit) fn(e, hit);
  });

  const toast = (text, tone = "danger") => {
    const note = document.createElement("div");
    note.className = `note note-${tone}`;
    note.textContent = text;
    document.getElementById("toasts").append(note);
    setTimeout(() => note.remove(), 7000);
  };
  window.yiwei = { on, toast, words };

  // menus close when one clicks elsewhere or presses Escape
  document.addEventListener("click", e => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(e.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", e => {
    if (e.key === "Escape") {
      for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
      root.classList.remove("side-open");
      if (e.target.id === "find") e.target.blur();
    }
    const typing = e.target.closest?.("input, textarea, select, [contenteditable]");
    if (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey || e.key === "k" && (e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey) {
      const find = document.getElementById("find");
      if (find) { e.preventDefault(); find.focus(); find.select(); }
    }
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key === "Enter" && e.target.id === "find") {
      const first = document.querySelector("#found .hit");
      if (first && e.target.dataset.shown === e.target.value.trim()) { e.preventDefault(); location.href = first.href; }
    }
    if ((e.key === "ArrowDown" || e.key === "ArrowUp") && e.target.closest?.(".find")) {
      const hits = [...document.querySelectorAll("#found .hit")], at = hits.indexOf(document.activeElement);
      const next = hits[at + (e.key === "ArrowDown" ? 1 : -1)] || (e.key === "ArrowUp" ? document.getElementById("find") : hits[0]);
      if (next) { e.preventDefault(); next.focus(); }
    }
  });

  // while characters are composed nothing is looked for; what was looked for is what Enter opens
  document.addEventListener("htmx:config:request", e => {
    const box = e.detail.ctx?.sourceElement;
    if (box?.id === "find" && box.dataset.composing) e.preventDefault();
  });
  document.addEventListener("htmx:after:swap", e => {
    const box = e.detail.ctx?.sourceElement;
    if (box?.id === "find") box.dataset.shown = box.value.trim();
  });
  document.addEventListener("compositionstart", e => { if (e.target.id === "find") e.target.dataset.composing = "1"; });
  document.addEventListener("compositionend", e => {
    if (e.target.id !== "find") return;
    delete e.target.dataset.composing;
    e.target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  on("click", "[data-side]", (e, button) => {
    if (button.dataset.side === "close") return root.classList.remove("side-open");
    if (matchMedia("(max-width: 991px)").matches) return root.classList.toggle("side-open");
    const hidden = root.classList.toggle("side-hidden");
    try { localStorage.setItem("yiwei-side", hidden ? "hidden" : "shown"); } catch { /* not kept */ }
  });

  const showChoice = () => {
    for (const b of document.querySelectorAll("[data-theme-choice]")) {
      b.setAttribute("aria-pressed", String(b.dataset.themeChoice === root.dataset.themeChosen));
    }
  };
  on("click", "[data-theme-choice]", (e, button) => { window.yiweiTheme(button.dataset.themeChoice); showChoice(); });
  showChoice();

  on("click", "[data-sheet]", (e, link) => { e.preventDefault(); document.getElementById(link.dataset.sheet)?.showModal(); });
  on("click", "[data-print]", () => window.print());
  on("click", "[data-back]", () => history.back());
  document.addEventListener("click", e => { if (e.target.matches?.("dialog.sheet")) e.target.close(); });

  // a form is sent once; the button says that it is busy
  document.addEventListener("submit", e => {
    const form = e.target.closest("form[data-entry]");
    if (!form || e.defaultPrevented && !form.hasAttribute("hx-post")) return;
    if (form.dataset.busy) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    form.dataset.busy = "1";
    const button = e.submitter || form.querySelector("[data-submit]");
    setTimeout(() => button?.classList.add("busy"));
  }, true);
  const rest = form => {
    delete form.dataset.busy;
    form.querySelectorAll(".busy").forEach(b => b.classList.remove("busy"));
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(rest));

  // a button that must not be pressed without a reason
  document.addEventListener("htmx:config:request", e => {
    const ctx = e.detail.ctx, ask = ctx?.sourceElement?.dataset?.ask;
    if (!ask) return;
    const why = window.prompt(ask)?.trim();
    if (why) ctx.request.body.set("why", why); else e.preventDefault();
  });

  // what cannot be swapped into the page is said in a message
  document.addEventListener("htmx:before:swap", e => {
    const ctx = e.detail.ctx, status = ctx?.response?.status || 200;
    if (status === 403 || status === 404 || status === 409 || status >= 500) {
      e.preventDefault();
      const note = new DOMParser().parseFromString(ctx.text || "", "text/html").querySelector("[data-refused] div");
      toast(note ? note.textContent : words().textError);
    }
  });
  document.addEventListener("htmx:error", () => toast(words().textError));
  document.addEventListener("htmx:finally:request", e => {
    const form = e.target.closest?.("form[data-busy]");
    const left = e.detail.ctx?.hx?.redirect;
    if (form && !left) rest(form);
  });
  document.addEventListener("htmx:after:swap", () => {
    const wrong = document.querySelector("form[data-entry] .is-invalid, form[data-entry] .note[role=alert]");
    wrong?.scrollIntoView({ block: "center" });
  });

  for (const note of document.querySelectorAll("[data-passing=success]")) setTimeout(() => note.remove(), 6000);
})();
