// The panel: search, the list that is the canvas's equal for keyboards and screen readers, and the legend that filters.
const LISTED = 60;

class Panel {
  constructor(state) {
    this.state = state; this.table = state.table; this.limit = LISTED;
    this.order = this.sorted();
    this.search = el("input", { type: "search", id: "search", placeholder: say("panel.search_hint"), autocomplete: "off", dir: "auto", oninput: () => this.searchSoon() });
    this.status = el("p", { role: "status", class: "status" });
    this.list = el("ol", { id: "events", "aria-label": say("panel.list"), onkeydown: event => this.walk(event) });
    this.more = el("button", { type: "button", class: "wide", onclick: () => { this.limit += LISTED * 2; this.fill(); } }, say("panel.more"));
    this.legend = el("div", { class: "legend" }, ...state.facets.map((facet, f) => this.facetBox(facet, f)), this.keyBox());
    this.node = el("aside", { id: "panel", "aria-label": say("panel.name") },
      el("div", { class: "search" }, el("label", { for: "search" }, say("panel.search")), this.search, this.status),
      el("h2", {}, say("panel.list")), this.list, this.more,
      el("h2", {}, say("panel.legend")), this.colourBox(), this.legend, this.tools(), this.about());
    state.on(what => {
      if (what === "shown") { this.limit = LISTED; this.count(); soon("list", this.table.count, () => this.fill()); }
      if (what === "selected") this.mark();
      if (what === "colours") this.recolour();
    });
  }

  // Newest first; in a comparison whoever disagrees most comes first. Counting days is quicker than comparing them.
  sorted() {
    const { state, table } = this, n = table.count, order = new Uint32Array(n), spread = state.last - state.first + 2;
    const key = i => state.lo[i] === NO_DAY ? spread - 1 : state.last - state.hi[i];
    const starts = new Uint32Array(spread + 1);
    for (let i = 0; i < n; i++) starts[key(i) + 1]++;
    for (let k = 0; k < spread; k++) starts[k + 1] += starts[k];
    for (let i = 0; i < n; i++) order[starts[key(i)]++] = i;
    if (!state.incidents.length) return order;
    const doubt = i => { const incident = state.incidentOf(i); return incident && incident[1].length > 1 ? { differ: 0, unsure: 1, agree: 2 }[toneOf(incident[2], null)] : 3; };
    const place = i => state.incident.get(i) ?? n;
    return order.sort((a, b) => doubt(a) - doubt(b) || place(a) - place(b));
  }

  searchSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.state.search(this.search.value), this.table.count > 5000 ? 180 : 30);
  }

  fill() {
    const { shown } = this.state, rows = [];
    let more = false, last = null;
    for (const i of this.order) {
      if (!shown[i]) continue;
      if (rows.length >= this.limit) { more = true; break; }
      const incident = this.state.incidentOf(i);
      if (incident && incident[1].length > 1 && incident !== last) rows.push(this.incidentRow(incident));
      last = incident;
      rows.push(this.row(i));
    }
    this.list.replaceChildren(...rows);
    this.more.hidden = !more;
    this.mark();
  }

  incidentRow([, members, verdict]) {
    const tone = toneOf(verdict, null);
    return el("li", { class: "incident " + tone }, el("span", {}, say("compare.incident", { n: members.length })), el("span", { class: "verdict" }, sayVerdict(verdict, tone)));
  }

  row(i) {
    const { table, state } = this, { days, announced } = happened(table, i), factuality = state.factuality(i);
    const where = gloss(table, i, true), source = table.text("source", i), precision = PRECISIONS[table.arrays.precision[i]];
    const note = factuality !== "asserted" ? el("span", { class: "tag" }, say("factuality." + factuality))
      : table.text("role", i) === "background" ? el("span", { class: "tag quiet" }, say("role.earlier")) : null;
    return el("li", { "data-row": i }, el("button", { type: "button", onclick: () => state.select(i, { move: true }) },
      glyphSvg(precision, state.colourOf(i), factuality),
      el("span", { class: "what" }, headline(table, i), note ? " " : null, note),
      el("span", { class: "where" }, where ?? say("where.unknown")),
      el("span", { class: "when" }, days ?? (announced ? say("when.told", { day: announced }) : say("when.unknown")), source ? " · " : null, source ? el("bdi", {}, source) : null),
      el("span", { class: "hidden" }, say("precision." + precision))));
  }

  mark() {
    for (const row of this.list.children) {
      const here = Number(row.dataset.row) === this.state.selected && row.dataset.row !== undefined;
      row.classList.toggle("chosen", here);
      const button = row.firstElementChild;
      if (button?.tagName === "BUTTON") here ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
    }
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], buttons = [...this.list.querySelectorAll("button")];
    if (!step) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, buttons.indexOf(document.activeElement) + step))]?.focus();
  }

  count() {
    const { total } = this.state, { count } = this.table;
    this.status.textContent = say("panel.shown", { n: count, total, of: num(count) });
    this.state.facets.forEach((facet, f) => facet.values.forEach((value, k) => { value.count.textContent = num(this.state.counts[f][k]); }));
  }

  facetBox(facet, f) {
    const boxes = facet.values.map((value, k) => {
      const box = el("input", { type: "checkbox", checked: true, onchange: () => { facet.on[k] = box.checked ? 1 : 0; this.state.apply(); } });
      value.box = box; value.count = el("span", { class: "n" });
      value.icon = el("span", { class: "icon" });
      return el("label", {}, box, value.icon, el("span", { class: "label" }, el("bdi", {}, value.label)), value.count);
    });
    const only = el("button", { type: "button", class: "small", onclick: () => this.tick(facet) }, say("filter.toggle"));
    return el("fieldset", { "data-facet": facet.key }, el("legend", {}, say("filter." + facet.key)), ...boxes, facet.values.length > 3 ? only : null);
  }

  tick(facet) {
    const all = facet.on.every(Boolean);
    facet.values.forEach((value, k) => { value.box.checked = !all; facet.on[k] = all ? 0 : 1; });
    this.state.apply();
  }

  recolour() {
    const { state } = this;
    for (const facet of state.facets) facet.values.forEach((value, k) => {
      const colour = state.colourOfValue(k, facet);
      if (facet.key === "precision") value.icon.replaceChildren(glyphSvg(value.name, "currentColor"));
      else if (facet.key === "factuality" && value.name && value.name !== "asserted") value.icon.replaceChildren(glyphSvg("exact", "currentColor", value.name));
      else if (colour) { const dot = el("span", { class: "dot" }); dot.style.background = colour; value.icon.replaceChildren(dot); } else value.icon.replaceChildren();
    });
    this.fill();
  }

  colourBox() {
    const keys = ["actor", "source", "event_type"].filter(key => this.state.facets.some(facet => facet.key === key));
    if (keys.length < 2) return null;
    this.chooser = el("select", { id: "colour-by", onchange: () => { this.state.colourBy(this.chooser.value); this.state.tell("colours"); } },
      ...keys.map(key => el("option", { value: key, selected: key === this.state.colouredBy }, say("filter." + key))));
    return el("p", { class: "choose" }, el("label", { for: "colour-by" }, say("panel.colour_by")), this.chooser);
  }

  keyBox() {
    const line = (name, key) => el("li", {}, el("span", { class: "line " + name }), say("key." + key));
    const lines = [line("footprint", "footprint"), this.table.has("plausible") ? line("plausible", "plausible") : null, line("way", "way"), el("li", {}, el("span", { class: "line cross" }, "⌖"), say("key.anchor"))];
    if (this.state.table.head.links?.length) lines.push(line("agree", "agree"), line("unsure", "unsure"), line("differ", "differ"));
    return el("fieldset", { class: "key" }, el("legend", {}, say("key.name")), el("ul", {}, ...lines));
  }

  tools() {
    const button = (key, action) => el("button", { type: "button", onclick: action }, say("tools." + key));
    return el("section", { class: "tools" }, el("h2", {}, say("tools.name")), el("div", {},
      button("geojson", () => download(this.state, "geojson")), button("csv", () => download(this.state, "csv")),
      button("print", () => window.print()), button("copy_view", () => this.state.copyLink(true)), button("theme", () => switchTheme(this.state))));
  }

  about() {
    const items = [...config.notes, say("about.symbols"), say("about.silent"), say("about.made", { version: config.version })];
    if (!config.links) items.push(say("about.no_links"));
    return el("details", { class: "about", open: config.notes.length > 0 }, el("summary", {}, say("about.name")), el("ul", {}, ...items.map(text => el("li", {}, text))));
  }
}
