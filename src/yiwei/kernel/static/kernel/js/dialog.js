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

  // many rows at once: ask for what the action needs, or whether it is meant
  document.addEventListener("submit", e => {
    if (!e.target.matches("form[data-bulk]")) return;
    const form = e.target, button = e.submitter;
    const url = button?.getAttribute("formaction");
    if (!url || form.dataset.sure) { delete form.dataset.sure; return; }
    e.preventDefault();
    const ids = new FormData(form).getAll("ids");
    if (!ids.length) return;
    if (button.hasAttribute("data-asks")) {
      open(`${url}?${ids.map(id => `ids=${encodeURIComponent(id)}`).join("&")}`);
    } else if (window.confirm(`${button.textContent.trim()} · ${ids.length}\n${words().textSure}`)) {
      form.dataset.sure = "1";
      form.requestSubmit(button);
    }
  });
})();
