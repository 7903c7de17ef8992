// What the address remembers (#e=…&v=…), downloads made in the page, the theme.
function readAddress(state) {
  const said = new URLSearchParams(location.hash.slice(1)), out = { view: null, event: null, query: "" };
  const view = (said.get("v") ?? "").split("/").map(Number);
  if (view.length === 3 && view.every(Number.isFinite) && Math.abs(view[1]) <= 90) out.view = view;
  out.query = said.get("q") ?? "";
  const days = (said.get("t") ?? "").split("..").map(day => Math.round(Date.parse(day) / 864e5));
  if (days.length === 2 && days.every(Number.isFinite) && days[0] <= days[1]) {
    state.window = [Math.max(state.first, days[0]), Math.min(state.last, days[1])];
  }
  for (const facet of state.facets) {
    const off = said.getAll("off." + facet.key);
    facet.values.forEach((value, k) => { if (off.includes(value.name ?? (value.other ? "…" : "∅"))) facet.on[k] = 0; });
  }
  const colour = said.get("c");
  if (colour && ["actor", "source", "event_type"].includes(colour)) state.colourBy(colour);
  const event = said.get("e");
  if (event !== null) for (let i = 0; i < state.table.count; i++) if ((state.table.text("event_id", i) ?? String(i)) === event) { out.event = i; break; }
  return out;
}

function address(state, map, withView = true) {
  const parts = new URLSearchParams(), { table } = state;
  if (state.selected !== null) parts.set("e", table.text("event_id", state.selected) ?? String(state.selected));
  if (withView) { const { lat, lng } = map.getCenter(); parts.set("v", `${map.getZoom()}/${lat.toFixed(4)}/${lng.toFixed(4)}`); }
  if (state.query) parts.set("q", state.query);
  if (state.window[0] > state.first || state.window[1] < state.last) parts.set("t", state.window.map(isoDay).join(".."));
  for (const facet of state.facets) facet.values.forEach((value, k) => { if (!facet.on[k]) parts.append("off." + facet.key, value.name ?? (value.other ? "…" : "∅")); });
  if (state.colouredBy !== state.usualColour) parts.set("c", state.colouredBy);
  return "#" + parts;
}

function remember(state, map) {
  if (document.body.classList.contains("picture")) return;
  try { history.replaceState(null, "", address(state, map)); } catch { /* a frame without an address of its own */ }
}

// Columns in the order of the block; a cell that a spreadsheet would run as a formula gets a leading apostrophe.
function rowsShown(state) {
  const out = [];
  for (let i = 0; i < state.table.count; i++) if (state.shown[i]) out.push(i);
  return out;
}
const INTERNAL = ["x", "y", "precision", "footprint", "plausible", "region"];
const columnNames = table => Object.keys(table.head.sections).filter(name => !name.includes(".") && !INTERNAL.includes(name));

function csvText(state) {
  const { table } = state, names = columnNames(table);
  const cell = value => {
    if (value === null || value === undefined) return "";
    let text = String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rowsShown(state).map(i => [...names.map(name => table.value(name, i)), table.placed(i) ? table.lat(i) : null, table.placed(i) ? table.lon(i) : null].map(cell).join(","));
  return "\ufeff" + [[...names, "lat", "lon"].join(","), ...lines, ""].join("\r\n");
}

function geojsonText(state) {
  const { table } = state, names = columnNames(table);
  const feature = i => {
    const point = table.placed(i) ? { type: "Point", coordinates: [table.lon(i), table.lat(i)] } : null;
    const properties = Object.fromEntries(names.map(name => [name, table.value(name, i)]));
    return JSON.stringify({ type: "Feature", ...(properties.event_id ? { id: properties.event_id } : {}), geometry: point, properties });
  };
  return `{"type":"FeatureCollection","features":[\n${rowsShown(state).map(feature).join(",\n")}\n]}\n`;
}

function download(state, kind) {
  const [text, type] = kind === "csv" ? [csvText(state), "text/csv"] : [geojsonText(state), "application/geo+json"];
  const url = URL.createObjectURL(new Blob([text], { type })), link = el("a", { href: url, download: `events.${kind}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  theme.cache = null;
}
function switchTheme(state) {
  setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  state.colourBy(state.colouredBy);
  state.tell("colours");
}
