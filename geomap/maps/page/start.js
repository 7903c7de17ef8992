// Start: lay out the page, make Leaflet's map under folium's name, unpack the data, and join everything.
const NARROW = matchMedia("(max-width: 700px)");
const dark = matchMedia("(prefers-color-scheme: dark)");
setTheme(dark.matches ? "dark" : "light");

if (location.hash === "#picture") document.body.classList.add("picture"); // for a screenshot: map, title, legend
const holder = document.getElementById("map_geomap");
const stage = el("main", { id: "stage" });
holder.replaceWith(stage);
stage.append(holder);
holder.setAttribute("role", "application");
holder.setAttribute("aria-label", say("map.name"));
const map = L.map(holder, { attributionControl: false, zoomControl: false, minZoom: 2, maxZoom: 16, zoomSnap: 0.5, zoomDelta: 1, wheelPxPerZoomLevel: 90,
  worldCopyJump: true, preferCanvas: true, fadeAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches, markerZoomAnimation: false }).setView([20, 20], 3);
window.map_geomap = map; // what folium's own scripts call it
let moved = false; // by a script of folium, such as fit_bounds: then the page does not choose the view
map.once("moveend", () => { moved = true; });
if (config.markers["marker-icon.png"]) {
  // folium's own objects were added: their scripts use jQuery's $ for two things only, and Leaflet's marker pictures.
  window.$ = what => {
    if (typeof what !== "string") return { ready: then => then() };
    const template = document.createElement("template");
    template.innerHTML = what.trim();
    return [...template.content.children];
  };
  L.Icon.Default.imagePath = "";
  L.Icon.Default.mergeOptions({ iconUrl: config.markers["marker-icon.png"], iconRetinaUrl: config.markers["marker-icon-2x.png"], shadowUrl: config.markers["marker-shadow.png"] });
}

function credits() {
  const text = config.tiles ? `Leaflet · ${config.tiles.attribution}` : say("map.credits");
  const Credits = L.Control.extend({ onAdd: () => el("div", { class: "credits" }, text) });
  new Credits({ position: RTL ? "bottomleft" : "bottomright" }).addTo(map);
}

function header(state) {
  const table = state.table;
  const toggle = el("button", { type: "button", class: "open-panel", "aria-expanded": "false", "aria-controls": "panel", onclick: () => {
    const open = document.body.classList.toggle("panel-open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = say(open ? "panel.close" : "panel.open");
    if (open) document.getElementById("search").focus({ preventScroll: true });
  } }, say("panel.open"));
  const days = state.dated ? sayDays(state.first, state.last) : null;
  const counts = [say("panel.events", { n: table.count }), days].filter(Boolean).join(" · ");
  return el("header", { id: "head" }, el("div", {}, el("h1", { dir: "auto" }, config.title), el("p", {}, counts)), toggle);
}

function bounds(table) {
  const { x, y } = table.arrays, few = table.count <= 200;
  let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
  for (let i = 0; i < table.count; i++) {
    if (x[i] === NO_DAY) continue;
    west = Math.min(west, x[i]); east = Math.max(east, x[i]); south = Math.min(south, y[i]); north = Math.max(north, y[i]);
  }
  const box = west <= east ? L.latLngBounds([[south / STEPS, west / STEPS], [north / STEPS, east / STEPS]]) : L.latLngBounds([]);
  for (let i = 0; few && i < table.count; i++) {
    if (!table.placed(i)) continue;
    for (const ring of table.shape("footprint", i) ?? []) box.extend(L.latLngBounds(ring[0]));
    const lat = table.number("anchor_lat", i), lon = table.number("anchor_lon", i);
    if (lat !== null && lon !== null) box.extend([lat, lon]);
  }
  return box.isValid() ? box : L.latLngBounds([[-40, -120], [60, 140]]);
}

// The card of an event lies beside the map's middle (a sheet at its foot on a narrow page), so that the area stays in view.
class Cards {
  constructor(state) {
    this.state = state;
    this.node = el("section", { id: "card", hidden: true, "aria-label": say("popup.name") });
    holder.after(this.node);
    document.addEventListener("keydown", event => { if (event.key === "Escape" && state.selected !== null) this.close(); });
  }

  close() {
    this.state.select(null);
    (this.back?.isConnected ? this.back : holder).focus();
  }

  show({ move, focus }) {
    const { state, node } = this, i = state.selected, { table } = state;
    node.hidden = i === null;
    if (i === null) { node.replaceChildren(); return; }
    if (document.activeElement?.closest?.("#events")) this.back = document.activeElement;
    if (NARROW.matches) closePanel();
    const close = el("button", { type: "button", class: "close", "aria-label": say("popup.close"), onclick: () => this.close() }, "×");
    node.replaceChildren(close, card(state, i, state.stack));
    node.scrollTop = 0;
    if (table.placed(i)) this.uncover(i, move);
    if (focus) node.querySelector("h2").focus({ preventScroll: true });
  }

  // The part of the map that the card leaves free, as paddings for Leaflet.
  free() {
    const size = map.getSize(), card = this.node, wide = !NARROW.matches, edge = wide ? card.offsetWidth + 30 : 24;
    return { size, left: RTL && wide ? edge : 24, right: !RTL && wide ? edge : 24, top: 24, bottom: wide ? 24 : card.offsetHeight + 16 };
  }

  // Bring the chosen event, and when asked its whole area, into the free part.
  uncover(i, move) {
    const { table, symbols } = this.state, { size, left, right, top, bottom } = this.free(), zoom = map.getZoom();
    const at = L.latLng(table.lat(i), table.lon(i)), point = map.latLngToContainerPoint(at);
    const inside = point.x > left && point.y > top && point.x < size.x - right && point.y < size.y - bottom;
    const box = L.latLngBounds([at]);
    for (const ring of table.shape("footprint", i) ?? []) box.extend(L.latLngBounds(ring[0]));
    const lat = table.number("anchor_lat", i), lon = table.number("anchor_lon", i);
    if (move && lat !== null && lon !== null && table.number("distance_m", i)) box.extend([lat, lon]);
    const ends = [box.getNorthWest(), box.getSouthEast()].map(corner => map.latLngToContainerPoint(corner));
    const whole = ends[0].x > left && ends[0].y > top && ends[1].x < size.x - right && ends[1].y < size.y - bottom;
    if (inside && (!move || whole) && !(move && symbols.binned)) return;
    const options = { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom], animate: false };
    if (move) map.fitBounds(box, { ...options, maxZoom: symbols.binned ? Math.max(zoom, 10) : Math.max(7, Math.min(zoom, 9)) });
    else map.panBy([point.x - (left + size.x - right) / 2, point.y - (top + size.y - bottom) / 2], { animate: false });
  }
}

function closePanel() { if (document.body.classList.contains("panel-open")) document.querySelector(".open-panel").click(); }

function tipOf({ table }, events) {
  const i = events[0], { days, announced } = happened(table, i);
  return el("div", { dir: W.dir }, el("strong", {}, headline(table, i)), el("span", {}, gloss(table, i, true) ?? ""), el("span", {}, days ?? announced ?? ""),
    events.length > 1 ? el("span", {}, say("popup.more_here", { n: events.length - 1 })) : null);
}

function joinPointer(state, symbolSheet) {
  const canvasPoint = event => map.latLngToLayerPoint(event.latlng).subtract(symbolSheet._bounds.min);
  map.on("click", event => {
    const point = canvasPoint(event), hit = state.symbols.hit(point.x, point.y, L.Browser.mobile ? 10 : 3);
    if (!hit) { state.select(null); return; }
    if (hit.bin) map.setView(event.latlng, Math.min(map.getMaxZoom(), map.getZoom() + 2));
    else state.select(hit.events[0], { stack: hit.events });
  });
  // A pointer that rests on a symbol is told what it is; the card and the list say the same to everybody.
  const tip = L.tooltip({ direction: "top", offset: [0, -10], opacity: 1, className: "tip" });
  let over = null;
  map.on("mousemove", event => {
    const point = canvasPoint(event), hit = state.symbols.hit(point.x, point.y, 2), key = hit && (hit.bin ? hit : hit.events[0]);
    if (key === over) return;
    over = key;
    holder.classList.toggle("over", key !== null);
    if (key === null) { tip.remove(); return; }
    const at = hit.bin ? event.latlng : [state.table.lat(key), state.table.lon(key)];
    tip.setLatLng(at).setContent(hit.bin ? say("panel.events", { n: hit.bin }) : tipOf(state, hit.events)).addTo(map);
  });
  map.on("mouseout movestart zoomstart", () => { over = null; tip.remove(); });
}

// A small map of where in the world this is, drawn once a move from the coarse cells.
function locator(ground, state) {
  const canvas = el("canvas", { class: "locator", "aria-hidden": "true" }), Control = L.Control.extend({ onAdd: () => canvas });
  new Control({ position: RTL ? "bottomright" : "bottomleft" }).addTo(map);
  const paint = () => {
    const ratio = window.devicePixelRatio || 1, width = 138, height = 104, view = map.getBounds(), zoom = Math.max(0, map.getZoom() - 4.7);
    canvas.width = width * ratio; canvas.height = height * ratio;
    const context = canvas.getContext("2d"), world = 256 * 2 ** zoom, centre = map.getCenter();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const frame = { zoom: Math.min(3.9, zoom), world, left: mercX(centre.lng) * world - width / 2, top: Math.max(-20, Math.min(world - height + 20, mercY(centre.lat) * world - height / 2)), width, height };
    canvas.hidden = map.getZoom() < 4.5;
    if (canvas.hidden) return;
    ground.draw(context, frame);
    const x = mercX(view.getWest()) * world - frame.left, y = mercY(view.getNorth()) * world - frame.top;
    const w = mercX(view.getEast()) * world - frame.left - x, h = mercY(view.getSouth()) * world - frame.top - y;
    context.strokeStyle = theme().differ; context.lineWidth = 2; context.strokeRect(x, y, Math.max(4, w), Math.max(4, h));
  };
  map.on("moveend", paint);
  state.on(what => { if (what === "colours") paint(); });
  paint();
}

function printing(redraw, state) {
  let view = null;
  const before = () => {
    if (view) return;
    view = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom(), theme: document.documentElement.dataset.theme };
    if (view.theme !== "light") { setTheme("light"); state.colourBy(state.colouredBy); state.tell("colours"); } // paper is white
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(view.bounds.pad(-0.1), { animate: false });
    redraw(); // at once: paper does not wait for the next frame
  };
  const after = () => {
    if (!view) return;
    map.invalidateSize({ animate: false, pan: false });
    map.setView(view.centre, view.zoom, { animate: false });
    if (view.theme !== "light") { setTheme(view.theme); state.colourBy(state.colouredBy); state.tell("colours"); }
    view = null;
    redraw();
  };
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
  matchMedia("print").addEventListener("change", event => (event.matches ? before : after)());
}

// With many events, what may come a moment later does: only the last of several wishes is done.
const wishes = {};
function soon(name, count, act) {
  clearTimeout(wishes[name]);
  if (count > 5000) wishes[name] = setTimeout(act, 70);
  else act();
}

async function start() {
  const [events, groundBlock] = await Promise.all([unpack("geomap-events"), unpack("geomap-ground")]);
  const table = new Table(events), state = new State(table), ground = groundBlock && new Ground(groundBlock);
  const told = readAddress(state);
  state.symbols = new Symbols(table, state);
  state.areas = new Areas(map, table, state);
  const panel = new Panel(state), time = new Timebar(state), cards = new Cards(state);
  const chosen = moved;
  document.body.prepend(header(state), panel.node);
  stage.append(time.node);
  map.invalidateSize({ animate: false });
  L.control.zoom({ position: RTL ? "topright" : "topleft", zoomInTitle: say("map.zoom_in"), zoomOutTitle: say("map.zoom_out") }).addTo(map);
  credits();
  L.control.scale({ position: RTL ? "bottomleft" : "bottomright", maxWidth: 140 }).addTo(map);

  const sheets = {};
  for (const [name, z] of [["ground", 200], ["names", 415], ["symbols", 420]]) {
    const pane = map.createPane("geomap-" + name);
    pane.style.zIndex = z; pane.style.pointerEvents = "none";
  }
  const home = bounds(table);
  if (told.view) map.setView([told.view[1], told.view[2]], told.view[0], { animate: false });
  else if (!chosen) map.fitBounds(home, { padding: [40, 40], maxZoom: 9, animate: false });
  if (config.tiles) L.tileLayer(config.tiles.url, { maxZoom: config.tiles.max_zoom, subdomains: config.tiles.subdomains, r: "" }).addTo(map);

  state.found = null;
  facetsToBoxes(state);
  if (told.query) { panel.search.value = told.query; state.search(told.query); } else state.apply();
  panel.recolour(); panel.count(); time.show(); time.paint();
  if (ground) sheets.ground = new Sheet((context, frame) => ground.draw(context, frame), { pane: "geomap-ground" }).addTo(map);
  const areas = () => { state.anchors.clear(); state.areas.redraw(); };
  areas();
  map.on("moveend", areas); // before the sheets, which draw what it leaves
  sheets.symbols = new Sheet((context, frame) => state.symbols.draw(context, frame), { pane: "geomap-symbols" }).addTo(map);
  sheets.names = new Sheet((context, frame) => {
    const names = new Names(context, frame);
    drawLabels(names, frame, state.areas, state, table);
    drawCountries(names, frame, table.head.labels.countries);
    drawTowns(names, frame, table.head.labels.towns);
  }, { pane: "geomap-names" }).addTo(map);
  const over = () => { areas(); sheets.symbols.redraw(); soon("names", table.count, () => sheets.names.redraw()); };
  const all = () => { sheets.ground?.redraw(); over(); };
  map.on("moveend", () => remember(state, map));
  state.on((what, detail) => {
    if (what === "selected") cards.show(detail);
    if (what === "colours") all();
    else over();
    remember(state, map);
  });
  state.copyLink = viewOnly => {
    const link = location.href.split("#")[0] + address(viewOnly ? Object.assign(Object.create(state), { selected: null }) : state, map, true);
    navigator.clipboard?.writeText(link).then(() => { panel.status.textContent = say("popup.copied"); }, () => { panel.status.textContent = link; });
  };
  if (ground) locator(ground, state);
  joinPointer(state, sheets.symbols);
  printing(all, state);
  dark.addEventListener("change", event => { setTheme(event.matches ? "dark" : "light"); state.colourBy(state.colouredBy); state.tell("colours"); });
  window.addEventListener("hashchange", () => { const next = readAddress(state); if (next.event !== null && next.event !== state.selected) state.select(next.event, { move: true }); });
  if (told.event !== null) state.select(told.event, { move: !told.view });
  window.geomap = { map, table, state, fold, select: (i, options) => state.select(i, options), shown: () => rowsShown(state) };
  requestAnimationFrame(() => requestAnimationFrame(() => {
    document.documentElement.dataset.ready = "1";
    performance.mark("geomap-ready");
    const warm = () => state.warm();
    if (window.requestIdleCallback) requestIdleCallback(warm, { timeout: 2000 }); else setTimeout(warm, 300);
  }));
}

function facetsToBoxes(state) {
  for (const facet of state.facets) facet.values.forEach((value, k) => { value.box.checked = Boolean(facet.on[k]); });
}

start().catch(error => {
  document.body.prepend(el("p", { role: "alert", class: "broken" }, say("map.broken") + " " + error.message));
  document.documentElement.dataset.ready = "broken";
  throw error;
});
