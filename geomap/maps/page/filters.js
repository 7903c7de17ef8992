// The state of the page: what is shown, selected and coloured. Filters, search and time are masks over the columns.
const FACETS = ["precision", "factuality", "role", "event_type", "actor", "source"], FACET_VALUES = 12, COLOURS = 7;

function theme() {
  if (!theme.cache) {
    const style = getComputedStyle(document.documentElement), read = name => style.getPropertyValue("--" + name).trim();
    const names = ["sea", "land", "coast", "river", "border", "division", "graticule", "halo", "ink", "quiet", "plate", "country", "town", "agree", "unsure", "differ"];
    theme.cache = Object.fromEntries(names.map(name => [name, read(name)]));
    theme.cache.townQuiet = theme.cache.quiet;
    theme.cache.name = document.documentElement.dataset.theme;
    theme.cache.palette = Array.from({ length: COLOURS }, (_, k) => read("c" + k)).concat(read("c-other"));
  }
  return theme.cache;
}

class State {
  constructor(table) {
    this.table = table;
    const n = table.count;
    this.shown = new Uint8Array(n).fill(1);
    this.found = null; // Uint8Array while something is searched for
    this.selected = null; this.stack = []; this.anchors = new Map(); this.showLinks = true;
    this.lo = new Int32Array(n); this.hi = new Int32Array(n);
    this.readDays();
    this.window = [this.first, this.last]; this.undatedToo = true;
    const facets = FACETS.map(key => this.facet(key)), colour = config.color_by ?? this.tellingColour(facets);
    this.facets = facets.filter(facet => facet.values.length > 1 || facet.key === "precision" || facet.key === colour);
    this.incidents = table.head.incidents ?? [];
    this.incident = new Map();
    this.incidents.forEach((incident, k) => incident[1].forEach(i => this.incident.set(i, k)));
    this.usualColour = colour;
    this.colourBy(colour);
    this.listeners = [];
  }

  // The days an event may have happened on; failing those, the latest it can have: its announcement.
  readDays() {
    const { table, lo, hi } = this, columns = ["date_earliest", "date_latest", "reported_latest"].map(name => table.arrays[name]);
    let first = Infinity, last = -Infinity;
    for (let i = 0; i < table.count; i++) {
      const [from, to, told] = columns.map(column => column ? column[i] : NO_DAY);
      hi[i] = to !== NO_DAY ? to : from !== NO_DAY ? from : told;
      lo[i] = from !== NO_DAY ? from : hi[i];
      if (lo[i] === NO_DAY) continue;
      if (lo[i] < first) first = lo[i];
      if (hi[i] > last) last = hi[i];
    }
    this.dated = last >= first; this.first = this.dated ? first : 0; this.last = this.dated ? last : 0;
  }

  // A facet: each event's number among the commonest values; the rest share the last.
  facet(key) {
    const { table } = this, n = table.count, codes = new Uint8Array(n);
    if (key === "precision") {
      const values = PRECISIONS.map(name => ({ name, label: say("precision." + name) }));
      codes.set(table.arrays.precision);
      const used = [...new Set(codes)].sort((a, b) => a - b), place = new Map(used.map((code, k) => [code, k]));
      return { key, codes: codes.map(code => place.get(code)), values: used.map(code => values[code]), on: new Uint8Array(used.length).fill(1) };
    }
    const raw = table.arrays[key], tally = new Map(), labels = table.head.values[key];
    const read = labels ? i => raw[i] : i => table.text(key, i) ?? 0;
    for (let i = 0; i < n; i++) tally.set(read(i), (tally.get(read(i)) ?? 0) + 1);
    const ranked = [...tally].sort((a, b) => (a[0] === 0) - (b[0] === 0) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
    const kept = ranked.length > FACET_VALUES ? ranked.slice(0, FACET_VALUES - 1) : ranked;
    const place = new Map(kept.map((value, k) => [value, k]));
    for (let i = 0; i < n; i++) codes[i] = place.get(read(i)) ?? FACET_VALUES - 1;
    const values = kept.map(value => this.facetValue(key, value ? labels ? labels[value - 1] : value : null));
    if (ranked.length > FACET_VALUES) values.push({ name: null, other: true, label: say("filter.other", { n: ranked.length - kept.length }) });
    return { key, codes, values, on: new Uint8Array(values.length).fill(1) };
  }

  facetValue(key, name) {
    if (name === null) return { name, label: say("filter.none." + key) };
    const word = key === "event_type" ? W.types[name]?.plain : W[key]?.[name];
    return { name, label: typeof word === "string" ? word : name.replaceAll("_", " ") };
  }

  // Colour tells something where its seven kinds cover half of the events.
  tellingColour(facets) {
    const share = facet => facet.codes.reduce((sum, code) => sum + (code < COLOURS && facet.values[code].name !== null ? 1 : 0), 0);
    return ["actor", "source", "event_type"].find(key => share(facets.find(facet => facet.key === key)) >= this.table.count / 2) ?? "actor";
  }

  colourBy(key) {
    const facet = this.facets.find(other => other.key === key) ?? this.facet(key);
    this.colouredBy = key;
    this.group = facet.codes.map((code, i) => facet.values[code].name === null || code >= COLOURS ? COLOURS : code);
    this.colours = theme().palette;
    this.colourOfValue = (k, other) => other.key !== key ? null : facet.values[k].name === null || k >= COLOURS ? this.colours[COLOURS] : this.colours[k];
  }

  colourOf(i) { return this.colours[this.group[i]]; }
  factuality(i) { const word = this.table.text("factuality", i); return word === "denied" || word === "possible" ? word : "asserted"; }
  incidentOf(i) { return this.incident.has(i) ? this.incidents[this.incident.get(i)] : null; }

  inTime(i) {
    if (this.lo[i] === NO_DAY) return this.undatedToo;
    return this.lo[i] <= this.window[1] && this.hi[i] >= this.window[0];
  }

  // Recompute the mask and the counts. An event that one facet alone hides still counts there: what ticking would bring.
  apply() {
    const { table, facets, found, shown, lo, hi, window: [from, to], undatedToo } = this;
    const counts = facets.map(facet => new Uint32Array(facet.values.length)), codes = facets.map(facet => facet.codes), on = facets.map(facet => facet.on);
    const spread = this.last - this.first + 1, bars = Math.min(spread, 160), bins = new Uint32Array(bars);
    let total = 0, undated = 0;
    for (let i = 0; i < table.count; i++) {
      shown[i] = 0;
      if (found && !found[i]) continue;
      let off = -1, hidden = 0;
      for (let f = 0; f < codes.length; f++) if (!on[f][codes[f][i]]) { off = f; if (++hidden > 1) break; }
      if (hidden > 1) continue;
      if (!hidden) {
        if (lo[i] === NO_DAY) undated++;
        else bins[Math.min(bars - 1, Math.floor((hi[i] - this.first) * bars / spread))]++;
      }
      if (lo[i] === NO_DAY ? !undatedToo : lo[i] > to || hi[i] < from) continue;
      if (hidden) { counts[off][codes[off][i]]++; continue; }
      for (let f = 0; f < codes.length; f++) counts[f][codes[f][i]]++;
      shown[i] = 1; total++;
    }
    Object.assign(this, { counts, bins, total, undated });
    if (this.selected !== null && !shown[this.selected]) this.select(null);
    this.tell("shown");
  }

  on(listener) { this.listeners.push(listener); }
  tell(what, detail) { for (const listener of this.listeners) listener(what, detail); }

  select(i, { move = false, stack = null, focus = true } = {}) {
    this.selected = i;
    this.stack = i === null ? [] : stack ?? this.sameSpot(i);
    this.tell("selected", { move, focus });
  }

  sameSpot(i) {
    const { x, y } = this.table.arrays, out = [];
    if (this.table.placed(i)) for (let j = 0; j < this.table.count; j++) if (this.shown[j] && x[j] === x[i] && y[j] === y[i]) out.push(j);
    return out.length ? out : [i];
  }

  // Search: every word must be somewhere in the event's texts. Repeated texts are searched once, long ones as one run.
  search(query) {
    const words = fold(query).split(" ").filter(Boolean), { table } = this;
    this.query = query;
    this.found = words.length ? new Uint8Array(table.count).fill(1) : null;
    for (const word of words) {
      const hit = new Uint8Array(table.count);
      for (const name of SEARCHED) if (table.has(name)) this.searchColumn(name, word, hit);
      for (let i = 0; i < table.count; i++) this.found[i] &= hit[i];
    }
    this.apply();
  }

  searchColumn(name, word, hit) {
    const { table } = this, values = table.head.values[name];
    this.folded ??= {};
    if (values) {
      this.folded[name] ??= values.map(fold);
      const match = new Uint8Array(values.length + 1);
      this.folded[name].forEach((text, k) => { if (text.includes(word)) match[k + 1] = 1; });
      const codes = table.arrays[name];
      for (let i = 0; i < table.count; i++) if (match[codes[i]]) hit[i] = 1;
      return;
    }
    if (table.head.words[name]) { this.searchWords(name, word, hit); return; }
    const { text, begins } = this.foldedRun(name);
    for (let at = text.indexOf(word), i = 0; at !== -1; at = text.indexOf(word, begins[i + 1])) {
      let low = i, high = table.count - 1;
      while (low < high) { const mid = (low + high + 1) >> 1; if (begins[mid] <= at) low = mid; else high = mid - 1; }
      i = low;
      hit[i] = 1;
      if (i + 1 >= table.count) break;
    }
  }

  // A word of the query lies within a word of the text, so matching the vocabulary is enough.
  searchWords(name, word, hit) {
    const { codes, starts } = this.table.wordRun(name), vocabulary = this.table.head.words[name];
    this.folded[name] ??= vocabulary.map(fold);
    const match = new Uint8Array(vocabulary.length);
    this.folded[name].forEach((text, k) => { if (text.includes(word)) match[k] = 1; });
    for (let i = 0; i < this.table.count; i++) {
      for (let at = starts[i], end = starts[i + 1]; at < end; at++) if (match[codes[at]]) { hit[i] = 1; break; }
    }
  }

  foldedRun(name) {
    this.folded ??= {};
    if (!this.folded[name]) { const { text, starts } = this.table.run(name); this.folded[name] = foldRun(text, starts); }
    return this.folded[name];
  }

  // Made in an idle moment, so that the first search need not wait.
  warm() {
    for (const name of SEARCHED) {
      if (this.table.head.texts.includes(name)) this.foldedRun(name);
      if (this.table.head.words[name]) { this.table.wordRun(name); this.folded ??= {}; this.folded[name] ??= this.table.head.words[name].map(fold); }
    }
  }
}
const SEARCHED = ["quote", "location_text", "anchor_name", "actor", "target", "source", "event_type", "event_id", "date_text"];
