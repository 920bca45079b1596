// Pickers: a select that searches among the rows the user may see.
(() => {
  const source = document.currentScript.dataset.src;
  let loading;
  const library = () => loading ||= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => done(window.TomSelect);
    script.onerror = failed;
    document.head.append(script);
  });

  const dress = async select => {
    if (select.tomselect || select.dataset.dressed) return;
    select.dataset.dressed = "1";
    const TomSelect = await library(), url = select.dataset.url, words = window.yiwei.words();
    const within = (select.dataset.within || "").split(" ").filter(Boolean);
    const asked = text => {
      const query = new URLSearchParams({ q: text });
      for (const name of within) query.set(name, select.form.elements[name]?.value || "");
      return `${url}?${query}`;
    };
    if (!select.isConnected) return;
    const empty = select.querySelector("option[value='']");
    const hint = empty?.textContent || words.textChoose;
    empty?.remove();
    if (!select.querySelector("option[selected]")) select.selectedIndex = -1;
    let drop;  // ends the question that another one overtakes
    const settings = {
      plugins: select.multiple ? ["remove_button"] : [], allowEmptyOption: false, maxOptions: 100, placeholder: hint, hidePlaceholder: true,
      render: { no_results: () => `<div class="no-results">${words.textFound}</div>` },
      dropdownParent: select.closest("dialog, .filter-set") ? null : "body",
      onChange() { select.dispatchEvent(new Event("change", { bubbles: true })); },
    };
    if (url) Object.assign(settings, {
      valueField: "id", labelField: "text", searchField: [], preload: "focus", loadThrottle: null, shouldLoad: () => true,
      load(query, done) {
        drop?.();
        const timer = setTimeout(() => {
          drop = null;
          fetch(asked(query), { credentials: "same-origin", headers: { Accept: "application/json" } })
            .then(r => r.json()).then(found => { this.clearOptions(o => this.items.includes(String(o.id ?? o.value))); done(found.results); })
            .catch(() => done());
        }, query ? 220 : 0);
        drop = () => { clearTimeout(timer); done(); };
      },
      score: () => () => 1,
    });
    const made = new TomSelect(select, settings);
    select.setAttribute("aria-hidden", "true");   // its label now names the box that replaces it
    if (within.length) made.on("blur", () => { made.loadedSearches = {}; made.wrapper.classList.remove("preloaded"); });
    if (!select.multiple) {
      made.on("item_add", () => made.blur());
      made.control_input.addEventListener("keydown", e => { if (e.key === "Backspace" && !made.control_input.value) made.clear(); });
    }
  };

  // many ticks: those that do not bear the words are hidden, and the lists and modules that have none left
  document.addEventListener("input", e => {
    if (!e.target.matches("[data-tick-search]")) return;
    const words = e.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = text => words.every(w => text.toLowerCase().includes(w));
    for (const field of e.target.form.querySelectorAll(".field:has(> div.ticks)")) {
      for (const group of field.querySelectorAll("div.ticks > div")) {
        const head = group.querySelector("label:not(:has(input))")?.textContent || "";
        for (const label of group.querySelectorAll("label:has(input)")) (label.closest("div.ticks > div > div") || label).hidden = !has(`${head} ${label.textContent}`);
        group.hidden = ![...group.querySelectorAll("label:has(input)")].some(l => !(l.closest("div.ticks > div > div") || l).hidden);
      }
      field.hidden = ![...field.querySelectorAll("div.ticks > div")].some(g => !g.hidden);
    }
  });

  const scan = where => where.querySelectorAll?.("select.js-picker, select[multiple]").forEach(dress);
  document.addEventListener("yiwei:content", e => scan(e.detail));
  document.addEventListener("htmx:after:swap", () => scan(document));
  scan(document);
})();
