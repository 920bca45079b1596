// The line editor: a small sheet over a hidden JSON field. Enter and arrows move, paste takes cells from Excel.
(() => {
  const TRUE = /^(true|1|yes|y|on|是|✓|√)$/i;
  const make = (tag, more = {}) => Object.assign(document.createElement(tag), more);

  class Lines {
    constructor(box) {
      this.box = box;
      this.raw = box.querySelector(".lines-raw");
      const [heads, errors] = [...box.querySelectorAll("script[type='application/json']")].map(s => JSON.parse(s.textContent));
      this.heads = heads;
      this.rows = this.read();
      this.errors = errors || {};
      this.minimum = Number(box.dataset.minimum || 0);
      if (!this.rows.length) this.rows.push(this.fresh());
      this.draw();
      box.querySelector("[data-add]").addEventListener("click", () => { this.add(); this.focus(this.rows.length - 1, 0); });
      for (const tile of box.querySelectorAll("[data-tile]")) tile.addEventListener("click", () => this.tap(tile.dataset));
    }

    // one tap fills the first empty line, or a new one
    tap({ tile, id, text }) {
      let at = this.rows.findIndex(row => !this.filled(row));
      if (at < 0) at = this.rows.push(this.fresh()) - 1;
      Object.assign(this.rows[at], { [tile]: id, [`${tile}_label`]: text });
      this.errors = {};
      this.draw();
    }

    read() {
      try { return JSON.parse(this.raw.value || "[]"); } catch { return []; }
    }

    fresh() {
      return Object.fromEntries(this.heads.map(h => [h.name, h.kind === "bool" ? TRUE.test(h.initial) : h.initial || ""]));
    }

    filled(row) {
      return this.heads.some(h => h.kind !== "bool" && String(row[h.name] ?? "") !== "" && String(row[h.name]) !== String(h.initial || ""));
    }

    sync() {
      const kept = this.rows.filter(r => this.filled(r)).map(r => Object.fromEntries(this.heads.map(h => [h.name, r[h.name]])));
      this.raw.value = JSON.stringify(kept);
      this.box.querySelector("[data-count]").textContent = kept.length || "";
    }

    add(at = this.rows.length) {
      this.rows.splice(at, 0, this.fresh());
      this.errors = {};
      this.draw();
    }

    drop(at) {
      this.rows.splice(at, 1);
      this.errors = {};
      if (!this.rows.length) this.rows.push(this.fresh());
      this.draw();
      this.focus(Math.min(at, this.rows.length - 1), 0);
    }

    draw() {
      const table = make("table"), head = table.createTHead().insertRow(), body = table.createTBody();
      head.append(make("th", { textContent: "#" }));
      for (const h of this.heads) {
        const th = make("th", { textContent: h.label });
        if (h.required) th.append(make("i", { className: "must", textContent: "*" }));
        if (h.width) th.style.width = h.width;
        head.append(th);
      }
      head.append(make("td"));
      this.rows.forEach((row, r) => body.append(this.line(row, r)));
      this.box.querySelector(".lines-table").replaceChildren(table);
      this.body = body;
      this.sync();
    }

    line(row, r) {
      const tr = make("tr"), no = make("td", { className: "no", textContent: r + 1 });
      tr.append(no);
      this.heads.forEach((h, c) => tr.append(this.cell(row, r, h, c)));
      const last = make("td");
      last.append(this.box.querySelector("[data-part=drop]").content.cloneNode(true));
      last.firstElementChild.addEventListener("click", () => this.drop(r));
      tr.append(last);
      return tr;
    }

    // a cell that depends on another one of its line is there only for the value named
    off(row, h) {
      return h.when && String(row[h.when[0]] ?? "") !== h.when[1];
    }

    cell(row, r, h, c) {
      const td = make("td", { className: `k-${h.kind}` });
      td.dataset.label = h.label;
      if (this.off(row, h)) {
        row[h.name] = "";
        td.classList.add("off");
        return td;
      }
      let input;
      if (h.kind === "select") {
        input = make("select");
        input.append(make("option", { value: "", textContent: "" }));
        for (const [value, text] of h.choices) if (value !== "") input.append(make("option", { value, textContent: text }));
        input.value = row[h.name] ?? "";
      } else if (h.kind === "bool") {
        row[h.name] = TRUE.test(String(row[h.name]));
        input = make("input", { type: "checkbox", className: "form-check-input", checked: row[h.name] });
      } else {
        input = make("input", { type: h.kind === "date" ? "date" : "text", autocomplete: "off" });
        if (h.kind === "decimal" || h.kind === "number") input.inputMode = "decimal";
        input.value = (h.kind === "picker" ? row[`${h.name}_label`] ?? row[h.name] : row[h.name]) ?? "";
      }
      input.setAttribute("aria-label", `${h.label} ${r + 1}`);
      Object.assign(input.dataset, { row: r, col: c, name: h.name });
      const wrong = this.errors[`${r}.${h.name}`] || row[`${h.name}_wrong`];
      td.append(input);
      if (wrong) {
        td.classList.add("bad");
        td.append(make("div", { className: "field-error", textContent: [].concat(wrong).join(" ") }));
      }
      this.listen(input, row, r, h, c, td);
      return td;
    }

    listen(input, row, r, h, c, td) {
      const clear = () => { td.classList.remove("bad"); td.querySelector(".field-error")?.remove(); delete row[`${h.name}_wrong`]; };
      input.addEventListener(h.kind === "select" || h.kind === "bool" ? "change" : "input", () => {
        clear();
        if (h.kind === "picker") { row[h.name] = ""; row[`${h.name}_label`] = input.value; }
        else row[h.name] = h.kind === "bool" ? input.checked : input.value.trim();
        if (this.heads.some(other => other.when?.[0] === h.name)) { this.draw(); this.focus(r, c); }
        this.sync();
      });
      input.addEventListener("keydown", e => this.key(e, r, c));
      if (h.kind !== "bool" && h.kind !== "select") input.addEventListener("paste", e => this.paste(e, r, c));
      if (h.kind === "picker") {
        this.picker(input, h, found => {
          clear();
          row[h.name] = found.id;
          row[`${h.name}_label`] = input.value = found.text;
          this.sync();
        }, () => {
          if (row[h.name] === "" && input.value.trim()) this.resolve(row, h, input.value.trim()).then(() => this.draw());
        });
      }
    }

    key(e, r, c) {
      const to = { ArrowUp: [r - 1, c], ArrowDown: [r + 1, c] }[e.key];
      if (e.key === "Enter") {
        e.preventDefault();
        if (e.ctrlKey || e.metaKey) { this.box.closest("form").requestSubmit(); return; }
        if (r + 1 === this.rows.length) this.add();
        this.focus(r + 1, e.shiftKey ? c : 0);
      } else if (to && e.target.tagName !== "SELECT" && e.target.type !== "date") {
        e.preventDefault();
        if (this.rows[to[0]]) this.focus(...to);
      } else if (e.key === "Delete" && (e.ctrlKey || e.metaKey)) {
        e.preventDefault();
        this.drop(r);
      }
    }

    focus(r, c) {
      const input = this.body.querySelector(`[data-row="${r}"][data-col="${c}"]`);
      input?.focus();
      input?.select?.();
    }

    async paste(e, r, c) {
      const text = (e.clipboardData?.getData("text/plain") || "").replace(/\r/g, "").replace(/\n$/, "");
      if (!/[\t\n]/.test(text)) return;
      e.preventDefault();
      const open = [];
      text.split("\n").forEach((line, dr) => {
        while (this.rows.length <= r + dr) this.rows.push(this.fresh());
        line.split("\t").forEach((value, dc) => {
          const h = this.heads[c + dc];
          if (h) open.push(this.put(this.rows[r + dr], h, value.trim()));
        });
      });
      this.errors = {};
      await Promise.all(open);
      this.draw();
      this.focus(r, c);
    }

    put(row, h, value) {
      if (h.kind === "picker") return value ? this.resolve(row, h, value) : null;
      if (h.kind === "bool") row[h.name] = TRUE.test(value);
      else if (h.kind === "select") row[h.name] = (h.choices.find(([k, t]) => k === value || t === value) || [""])[0];
      else if (h.kind === "decimal" || h.kind === "number") row[h.name] = value.replace(/[,，\s¥￥]/g, "");
      else if (h.kind === "date") row[h.name] = value.replace(/[/.年月]/g, "-").replace("日", "");
      else row[h.name] = value;
      return null;
    }

    async find(h, text) {
      const query = new URLSearchParams({ q: text });
      for (const name of h.within) query.set(name, this.raw.form.elements[name]?.value || "");
      const answer = await fetch(`${h.picker_url}?${query}`, { credentials: "same-origin" });
      return (await answer.json()).results || [];
    }

    async resolve(row, h, text) {
      row[`${h.name}_label`] = text;
      const found = await this.find(h, text).catch(() => []);
      const hit = found.find(f => f.text === text) || (found.length === 1 ? found[0] : null);
      row[h.name] = hit ? hit.id : "";
      if (hit) row[`${h.name}_label`] = hit.text;
      else row[`${h.name}_wrong`] = window.yiwei.words().textUnknown;
    }

    picker(input, h, chosen, left) {
      let list, hits = [], at = -1, timer, turn = 0;
      const close = () => { clearTimeout(timer); turn += 1; list?.remove(); list = null; at = -1; };
      const mark = n => { at = n; [...list.children].forEach((el, i) => el.classList.toggle("on", i === n)); list.children[n]?.scrollIntoView({ block: "nearest" }); };
      const show = async () => {
        const mine = ++turn;
        hits = await this.find(h, input.dataset.chosen === input.value ? "" : input.value.trim()).catch(() => []);
        if (mine !== turn || document.activeElement !== input) return;
        list ||= make("div", { className: "choices" });
        list.replaceChildren(...hits.map((hit, i) => {
          const el = make("div", { textContent: hit.text });
          el.addEventListener("pointerdown", e => { e.preventDefault(); take(i); });
          return el;
        }));
        if (!hits.length) list.append(make("div", { className: "none", textContent: window.yiwei.words().textFound }));
        (input.closest("dialog") || document.body).append(list);
        const spot = input.getBoundingClientRect(), below = innerHeight - spot.bottom > 270;
        Object.assign(list.style, { left: `${Math.min(spot.left, innerWidth - 240)}px`, minWidth: `${spot.width}px`, top: below ? `${spot.bottom + 2}px` : "auto",
          bottom: below ? "auto" : `${innerHeight - spot.top + 2}px` });
        if (hits.length) mark(0);
      };
      const take = n => { if (hits[n]) { chosen(hits[n]); input.dataset.chosen = input.value; } close(); };
      input.dataset.chosen = input.value;
      input.addEventListener("focus", () => { timer = setTimeout(show, 60); });
      input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 200); });
      input.addEventListener("blur", () => { const had = Boolean(list); close(); if (had || input.value) left(); });
      input.addEventListener("keydown", e => {
        if (!list) return;
        if (e.key === "ArrowDown" || e.key === "ArrowUp") {
          e.preventDefault();
          e.stopImmediatePropagation();
          mark((at + (e.key === "ArrowDown" ? 1 : -1) + hits.length) % Math.max(1, hits.length));
        } else if (e.key === "Enter" && hits[at] && (input.value !== input.dataset.chosen || !input.value)) {
          e.preventDefault();
          e.stopImmediatePropagation();
          take(at);
          this.focus(Number(input.dataset.row), Number(input.dataset.col) + 1);
        } else if (e.key === "Tab" && hits[at] && input.value && input.value !== input.dataset.chosen) {
          take(at);
        } else if (e.key === "Escape") {
          e.preventDefault();
          e.stopPropagation();
          close();
        }
      }, true);
    }
  }

  const scan = where => where.querySelectorAll?.("[data-lines]").forEach(box => {
    if (box.dataset.ready) return;
    box.dataset.ready = "1";
    new Lines(box);
  });
  document.addEventListener("yiwei:content", e => scan(e.detail));
  document.addEventListener("htmx:after:swap", () => scan(document));
  scan(document);
})();
