// Files: dropped, chosen or photographed; sent at once.
(() => {
  const { on } = window.yiwei;
  on("change", "form[data-drop] input[type=file]", (e, input) => {
    if (!input.files.length) return;
    for (const other of input.form.querySelectorAll("input[type=file]")) if (other !== input) other.disabled = true;
    input.form.classList.add("over");
    input.form.submit();
  });
  on("change", ".drop-big input[type=file]", (e, input) => {
    const name = input.closest(".drop-big").querySelector("[data-file-name]");
    if (name && input.files.length) name.textContent = input.files[0].name;
  });
  // a refused form comes anew from the server; the files that were chosen move over to it
  const chosen = form => [...form.querySelectorAll("input[type=file]")].map(i => [i.name, i.files]).filter(([, files]) => files.length);
  let kept = [];
  document.addEventListener("htmx:before:swap", () => {
    const form = document.querySelector("form[data-entry][hx-post]");
    kept = form ? chosen(form) : [];
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const [name, files] of kept) {
      const input = document.querySelector(`form[data-entry] input[type=file][name="${CSS.escape(name)}"]`);
      if (!input || input.files.length) continue;
      const again = new DataTransfer();
      for (const file of files) again.items.add(file);
      input.files = again.files;
    }
    kept = [];
  });
  for (const event of ["dragenter", "dragover", "dragleave", "drop"]) {
    on(event, "form[data-drop], .drop-big", (e, zone) => {
      if (!e.dataTransfer) return;
      e.preventDefault();
      zone.classList.toggle("over", event === "dragenter" || event === "dragover");
      if (event === "drop" && e.dataTransfer.files.length) {
        const input = zone.querySelector("input[type=file]");
        input.files = e.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
})();
