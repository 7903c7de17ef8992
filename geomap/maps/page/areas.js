// Areas and lines: the protocol's footprint, the plausible region, the way from the anchor, lines between reports.
const AREAS_SHOWN = 80, LINKS_SHOWN = 400, EARTH = 6371008.8;

// A point at a distance and bearing, and the great circle between two points, on a sphere: for drawing only.
function destination(lat, lon, metres, degrees) {
  const d = metres / EARTH, b = degrees * Math.PI / 180, p = lat * Math.PI / 180;
  const q = Math.asin(Math.sin(p) * Math.cos(d) + Math.cos(p) * Math.sin(d) * Math.cos(b));
  return [q * 180 / Math.PI, lon + Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(p), Math.cos(d) - Math.sin(p) * Math.sin(q)) * 180 / Math.PI];
}
function metresBetween([lat1, lon1], [lat2, lon2]) {
  const r = Math.PI / 180, h = Math.sin((lat2 - lat1) * r / 2) ** 2 + Math.cos(lat1 * r) * Math.cos(lat2 * r) * Math.sin((lon2 - lon1) * r / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(h)));
}
const circle = (lat, lon, metres) => Array.from({ length: 73 }, (_, i) => destination(lat, lon, metres, i * 5));

class Areas {
  constructor(map, table, state) {
    this.map = map; this.table = table; this.state = state;
    map.createPane("areas").style.zIndex = 410;
    this.renderer = L.svg({ pane: "areas", padding: 0.3 });
    this.group = L.layerGroup().addTo(map);
    this.links = table.head.links ?? [];
    this.linksOf = new Map();
    this.links.forEach((link, n) => [link[0], link[1]].forEach(i => this.linksOf.set(i, [...(this.linksOf.get(i) ?? []), n])));
  }

  add(layer) { layer.addTo(this.group); return layer; }
  style(name, extra) { return { renderer: this.renderer, pane: "areas", interactive: false, className: name, smoothFactor: 0.5, ...extra }; }

  // The shape of one event, or the circle of its uncertainty where no shape came along.
  outline(i, name = "footprint") {
    const shape = this.table.shape(name, i);
    if (shape) return shape;
    const radius = name === "footprint" ? this.table.number("uncertainty_m", i) : null;
    return radius ? [circle(this.table.lat(i), this.table.lon(i), radius)] : null;
  }

  redraw() {
    this.group.clearLayers();
    this.labels = [];
    const { selected } = this.state, bounds = this.map.getBounds().pad(0.3), near = [];
    const { shown } = this.state, { count } = this.table;
    for (let i = 0; i < count && near.length <= AREAS_SHOWN; i++) {
      if (shown[i] && i !== selected && this.table.placed(i) && bounds.contains([this.table.lat(i), this.table.lon(i)])) near.push(i);
    }
    if (near.length <= AREAS_SHOWN) for (const i of near) this.drawQuiet(i, near.length);
    if (selected !== null && this.table.placed(selected)) this.drawSelected(selected);
    this.drawLinks();
  }

  drawQuiet(i, among) {
    const colour = this.state.colourOf(i), outline = this.outline(i);
    if (outline) this.add(L.polygon(outline, this.style("area quiet", { color: colour, weight: 1.4, dashArray: "6 4", fillOpacity: among > 25 ? 0.03 : 0.1 })));
    if (among <= 25) this.drawWay(i, "way");
  }

  drawSelected(i) {
    const colour = this.state.colourOf(i), plausible = this.outline(i, "plausible"), outline = this.outline(i);
    if (plausible) this.add(L.polygon(plausible, this.style("area plausible", { color: colour, weight: 1.2, dashArray: "1 4", fillOpacity: 0.1 })));
    if (outline) this.add(L.polygon(outline, this.style("area selected", { color: colour, weight: 2.6, fillOpacity: 0.2 })));
    this.drawWay(i, "way selected");
    const incident = this.state.incidentOf(i);
    if (incident) this.drawIncident(incident);
  }

  // The construction line: from the anchor named in the text to the computed point, with its distance and wind.
  drawWay(i, name) {
    const lat = this.table.number("anchor_lat", i), lon = this.table.number("anchor_lon", i), distance = this.table.number("distance_m", i);
    if (lat === null || lon === null || !distance) return;
    const bearing = this.table.number("bearing_deg", i), here = [this.table.lat(i), this.table.lon(i)];
    const steps = Math.max(1, Math.min(40, Math.round(distance / 20000)));
    const line = bearing === null ? [[lat, lon], here]
      : [...Array.from({ length: steps }, (_, k) => destination(lat, lon, distance * k / steps, bearing)), here];
    this.add(L.polyline(line, this.style(name, { weight: name === "way" ? 1.2 : 1.8, dashArray: "2 5" })));
    const text = bearing === null ? sayDistance(distance) : say("where.label", { distance: sayDistance(distance), wind: windShort(bearing) });
    this.labels.push({ at: [0.6, 0.8, 0.4].map(part => line[Math.floor((line.length - 1) * part)]), text, must: name !== "way" });
    this.state.anchors.set(lat + "," + lon, { lat, lon, name: anchorName(this.table, i) });
  }

  drawLinks() {
    if (!this.links.length || !this.state.showLinks) return;
    const { shown, selected } = this.state, bounds = this.map.getBounds().pad(0.3);
    let drawn = 0;
    const numbers = selected !== null ? this.linksOf.get(selected) ?? [] : this.links.keys();
    for (const n of numbers) {
      const [a, b, distance, , verdict] = this.links[n];
      if (!shown[a] || !shown[b] || !this.table.placed(a) || !this.table.placed(b)) continue;
      const ends = [a, b].map(i => [this.table.lat(i), this.table.lon(i)]);
      if (!bounds.contains(ends[0]) && !bounds.contains(ends[1])) continue;
      if (++drawn > LINKS_SHOWN) break;
      const tone = toneOf(verdict, this.links[n][3]);
      this.add(L.polyline(ends, this.style("link " + tone, { weight: 2.4, color: theme()[tone], dashArray: { agree: null, unsure: "8 5", differ: "3 5" }[tone] })));
      const far = distance ?? metresBetween(...ends), middle = [(ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2];
      if (drawn <= 40) this.labels.push({ at: [middle], text: say("compare.apart", { verdict: sayVerdict(verdict, tone), distance: sayDistance(far) }), tone, must: false });
    }
  }

  drawIncident(incident) {
    const [, members, verdict, lon, lat] = incident, tone = toneOf(verdict, null);
    const region = this.table.shape("region", this.state.incidents.indexOf(incident), lon ?? 0);
    if (region) this.add(L.polygon(region, this.style("area incident", { color: theme()[tone], weight: 1.6, dashArray: "8 3 2 3", fillOpacity: 0.08 })));
    if (lon === null || lat === null) return;
    for (const i of members) {
      if (this.table.placed(i)) this.add(L.polyline([[this.table.lat(i), this.table.lon(i)], [lat, lon]], this.style("way incident", { weight: 1, dashArray: "1 4" })));
    }
    this.add(L.circleMarker([lat, lon], this.style("consensus", { radius: 6, weight: 2.5, color: theme()[tone], fillColor: theme().plate, fillOpacity: 1 })));
    this.labels.push({ at: [[lat, lon]], text: say("compare.consensus", { n: members.length }), tone, must: true, below: [22, -22, 44] });
  }
}

// Verdicts are the comparison's own words; what is not in the page's table is shown as it is, toned by its evidence.
function toneOf(verdict, bits) {
  const known = W.verdicts[verdict]?.tone;
  if (known) return known;
  return bits === null || bits === undefined ? "unsure" : bits >= 3 ? "agree" : bits <= -3 ? "differ" : "unsure";
}
const sayVerdict = (verdict, tone) => W.verdicts[verdict]?.word ?? verdict ?? say("compare." + tone);

// The anchor's name in the page's script where the ground knows that very place; else as the report writes it.
function anchorName(table, i) {
  const name = table.text("anchor_name", i), lat = table.number("anchor_lat", i), lon = table.number("anchor_lon", i);
  if (!name || lat === null || lon === null || /[\u0590-\u08ff]/.test(name) === RTL) return name;
  const key = fold(name);
  for (const [x, y, , latin, arabic] of table.head.labels.towns) {
    if (Math.abs(x / 1000 - lon) < 0.06 && Math.abs(y / 1000 - lat) < 0.06) {
      if (fold(arabic) === key && latin) return latin;
      if (fold(latin) === key && arabic) return arabic;
    }
  }
  return name;
}

function drawLabels(names, frame, areas, state, table) {
  for (const { x, y, r } of state.symbols.targets.slice(0, 400)) names.reserve(x, y, r - 3);
  const colours = theme(), at = (lat, lon) => [mercX(lon) * frame.world - frame.left, mercY(lat) * frame.world - frame.top];
  for (const { lat, lon, name } of state.anchors.values()) {
    const [x, y] = at(lat, lon), context = names.context;
    for (const [colour, width] of [[colours.halo, 4], [colours.ink, 1.6]]) {
      context.beginPath(); context.arc(x, y, 6, 0, 7);
      context.moveTo(x - 10, y); context.lineTo(x + 10, y); context.moveTo(x, y - 10); context.lineTo(x, y + 10);
      context.strokeStyle = colour; context.lineWidth = width; context.stroke();
    }
    names.reserve(x, y, 9);
    if (name) names.put(x, y, [[name, 13, colours.ink, "600"]], { gap: 13 });
  }
  for (const { at: spots, text, tone, must, below } of areas.labels.sort((a, b) => Boolean(b.must) - Boolean(a.must))) {
    const lines = [[text, 11.5, tone ? colours[tone] : colours.ink, tone ? "600" : ""]], plate = { fill: colours.plate, line: tone ? colours[tone] : colours.quiet };
    const put = ([lat, lon], lower, insist) => { const [x, y] = at(lat, lon); return names.put(x, y + lower, lines, { centred: true, must: insist, plate }); };
    if (!spots.some(spot => (below ?? [0, -24, 24]).some(lower => put(spot, lower, false))) && must) put(spots[0], 0, true);
  }
  for (const [name, lon, lat] of table.head.places) {
    if (lon === null || lat === null) continue;
    const [x, y] = at(lat, lon), context = names.context;
    context.fillStyle = colours.plate; context.strokeStyle = colours.quiet; context.lineWidth = 1.5;
    context.beginPath(); context.rect(x - 3, y - 3, 6, 6); context.fill(); context.stroke();
    names.reserve(x, y, 4);
    if (name) names.put(x, y, [[name, 11.5, colours.quiet, "italic"]]);
  }
}
