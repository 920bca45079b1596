// Actions open in a dialog: the form comes from its own address, so that everything works without this too.
(() => {
  const { on, toast, words } = window.yiwei;
  const dialog = document.getElementById("dialog"), body = document.getElementById("dialog-body");
  if (!dialog) return;

  const open = async url => {
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true", Accept: "text/html" }, credentials: "same-origin" });
      const target = answer.headers.get("HX-Redirect");
      if (target) { location.href = target; return; }
      const text = await answer.text();
      if (!answer.ok) {
        const note = new DOMParser().parseFromString(text, "text/html").querySelector("[data-refused] div");
        toast(note ? note.textContent : words().textError);
        return;
      }
      show(text);
      const first = body.querySelector(".entry-body input:not([type=hidden]), .entry-body select, .entry-body textarea, [data-submit]");
      first?.focus();
    } catch {
      toast(words().textError);
    }
  };

  const show = text => {
    body.innerHTML = text;
    window.htmx.process(body);
    document.dispatchEvent(new CustomEvent("yiwei:content", { detail: body }));
    if (!dialog.open) dialog.showModal();
    body.scrollTop = 0;
  };

  // what asks for nothing is done at once; a refusal opens the dialog with its reason
  const doNow = async link => {
    if (link.dataset.busy) return;
    link.dataset.busy = "1";
    link.classList.add("busy");
    const headers = { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"], "HX-Request": "true",
      "HX-Current-URL": location.href, Accept: "text/html" };
    const data = new URLSearchParams({ _token: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()), _version: link.dataset.version || "" });
    try {
      const answer = await fetch(link.href, { method: "POST", body: data, headers, credentials: "same-origin" });
      const target = answer.headers.get("HX-Redirect"), text = await answer.text();
      if (target) { if (target === location.href) location.reload(); else location.href = target; return; }
      if (answer.status === 422) show(text);
      else toast(new DOMParser().parseFromString(text, "text/html").querySelector("[data-refused] div")?.textContent || words().textError);
    } catch {
      toast(words().textError);
    }
    delete link.dataset.busy;
    link.classList.remove("busy");
  };

  on("click", "a[data-modal]", (e, link) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    link.closest("details[data-menu]")?.removeAttribute("open");
    if (link.hasAttribute("data-now")) doNow(link);
    else open(link.href);
  });
  on("click", "[data-ticks]", (e, link) => { try { sessionStorage.setItem("yiwei-ticks", link.dataset.ticks); } catch { /* not kept */ } });
  // a row in a drawer beside its list, with the one before and the one after
  let peeked = null;
  const peek = async row => {
    if (!row?.dataset.href) return;
    const answer = await fetch(`${row.dataset.href}?fragment=peek`, { headers: { "HX-Request": "true", Accept: "text/html" }, credentials: "same-origin" })
      .catch(() => null);
    if (!answer?.ok) { toast(words().textError); return; }
    peeked?.classList.remove("peeked");
    peeked = row;
    row.classList.add("peeked");
    row.scrollIntoView({ block: "nearest" });
    dialog.classList.add("drawer");
    show(await answer.text());
    body.querySelector('[data-peek-step="-1"]').disabled = !row.previousElementSibling;
    body.querySelector('[data-peek-step="1"]').disabled = !row.nextElementSibling;
    body.querySelector("[data-peek-step]:not(:disabled), [data-close]").focus();
  };
  const step = by => peek(by > 0 ? peeked?.nextElementSibling : peeked?.previousElementSibling);
  window.yiwei.peek = peek;
  on("click", "[data-peek]", (e, button) => { e.stopPropagation(); peek(button.closest("tr")); });
  on("click", "[data-peek-step]", (e, button) => step(Number(button.dataset.peekStep)));
  dialog.addEventListener("keydown", e => {
    if (!dialog.classList.contains("drawer") || e.target.closest("input, textarea, select")) return;
    const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key];
    if (by && !e.ctrlKey && !e.metaKey && body.querySelector("[data-peek-step]")) { e.preventDefault(); step(by); }
  });
  dialog.addEventListener("close", () => {
    dialog.classList.remove("drawer");
    peeked?.classList.remove("peeked");
    peeked?.focus({ preventScroll: true });
    peeked = null;
  });

  on("click", "dialog [data-close]", e => { e.preventDefault(); dialog.close(); });
  dialog.addEventListener("close", () => { body.replaceChildren(); });

  // many rows at once: the same form for all of them
  document.addEventListener("submit", e => {
    if (!e.target.matches("form[data-bulk]")) return;
    e.preventDefault();
    const url = e.submitter?.getAttribute("formaction"), ids = new FormData(e.target).getAll("ids");
    if (url && e.target.dataset.all) open(`${url}?match=${encodeURIComponent(e.target.dataset.match || "queue=")}`);
    else if (url && ids.length) open(`${url}?${ids.map(id => `ids=${encodeURIComponent(id)}`).join("&")}`);
  });
})();
