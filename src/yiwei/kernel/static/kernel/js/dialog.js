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
      body.innerHTML = text;
      window.htmx.process(body);
      document.dispatchEvent(new CustomEvent("yiwei:content", { detail: body }));
      dialog.showModal();
      body.scrollTop = 0;
      const first = body.querySelector(".entry-body input:not([type=hidden]), .entry-body select, .entry-body textarea, [data-submit]");
      first?.focus();
    } catch {
      toast(words().textError);
    }
  };

  on("click", "a[data-modal]", (e, link) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || e.button) return;
    e.preventDefault();
    link.closest("details[data-menu]")?.removeAttribute("open");
    open(link.href);
  });
  on("click", "dialog [data-close]", e => { e.preventDefault(); dialog.close(); });
  dialog.addEventListener("close", () => { body.replaceChildren(); });

  // many rows at once: the same form for all of them
  document.addEventListener("submit", e => {
    if (!e.target.matches("form[data-bulk]")) return;
    e.preventDefault();
    const url = e.submitter?.getAttribute("formaction"), ids = new FormData(e.target).getAll("ids");
    if (url && ids.length) open(`${url}?${ids.map(id => `ids=${encodeURIComponent(id)}`).join("&")}`);
  });
})();
