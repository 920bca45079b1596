// Lists that people keep in an order of their own: rows are dragged to their place, which is saved at once.
(() => {
  const { toast, words } = window.yiwei;
  const table = e => e.target.closest?.("tbody[data-drag]");
  let row = null, before = null;

  const save = async (row, before) => {
    const ids = r => (r ? r.dataset.href.split("/").filter(Boolean).pop() : "");
    const data = new URLSearchParams({ after: ids(row.previousElementSibling) });
    const headers = { "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"], "HX-Request": "true" };
    try {
      const answer = await fetch(`${row.dataset.href}do/place/`, { method: "POST", body: data, headers, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      toast(words().textError);
      before.parent.insertBefore(row, before.next);
    }
  };

  document.addEventListener("dragstart", e => {
    row = table(e) ? e.target.closest("tr") : null;
    if (!row) return;
    before = { parent: row.parentNode, next: row.nextSibling };
    row.classList.add("dragged");
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", "");
  });
  document.addEventListener("dragover", e => {
    const other = row && table(e) === row.parentNode ? e.target.closest("tr") : null;
    if (!other) return;
    e.preventDefault();
    const box = other.getBoundingClientRect(), below = e.clientY > box.top + box.height / 2;
    if (other !== row) other.parentNode.insertBefore(row, below ? other.nextSibling : other);
  });
  document.addEventListener("drop", e => { if (row) e.preventDefault(); });
  document.addEventListener("dragend", () => {
    if (!row) return;
    row.classList.remove("dragged");
    if (row.nextSibling !== before.next) save(row, before);
    row = null;
  });
})();
