// Symbols: shape and fill tell how precise the place is, colour tells who; crowds become counted rings.
const PRECISIONS = ["exact", "place", "offset", "district", "region", "unknown"];
// Outlines in a square of 20 around 0,0: [path, how much it is filled, dash]. A centroid is hollow, never a solid strike.
const GLYPHS = {
  exact: [["M5.5,0A5.5,5.5 0 1,1 -5.5,0A5.5,5.5 0 1,1 5.5,0", 1, ""]],
  place: [["M6.5,0A6.5,6.5 0 1,1 -6.5,0A6.5,6.5 0 1,1 6.5,0", 0.22, ""], ["M2,0A2,2 0 1,1 -2,0A2,2 0 1,1 2,0", 1, ""]],
  offset: [["M0,-7.5L7.5,0L0,7.5L-7.5,0Z", 0.38, ""]],
  district: [["M-5.5,-5.5H5.5V5.5H-5.5Z", 0.12, "3 2"]],
  region: [["M7.5,0A7.5,7.5 0 1,1 -7.5,0A7.5,7.5 0 1,1 7.5,0", 0.05, "2.6 2.6"]],
  unknown: [["M5,0A5,5 0 1,1 -5,0A5,5 0 1,1 5,0", 0, "1 2.2"]],
};
const DENIED = "M-9,-9L9,9M9,-9L-9,9", DOUBT = "M9.5,-9.5m-2.2,0a2.2,2.2 0 1,1 4.4,0a2.2,2.2 0 1,1 -4.4,0";
const BINNED = 1500, BIN = 46, CROWD = 250; // more symbols than this in view are counted in squares of so many pixels

function glyphSvg(precision, colour, factuality = "asserted") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-11 -11 22 22"); svg.setAttribute("class", "glyph"); svg.setAttribute("aria-hidden", "true");
  const add = (d, fill, dash, width = 1.8) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of Object.entries({ d, fill: fill ? colour : "none", "fill-opacity": fill, stroke: colour, "stroke-width": width, "stroke-dasharray": dash })) path.setAttribute(name, value);
    svg.append(path);
  };
  for (const [d, fill, dash] of GLYPHS[precision]) add(d, fill, dash);
  if (factuality === "denied") add(DENIED, 0, "", 2.2);
  if (factuality === "possible") add(DOUBT, 1, "", 1);
  return svg;
}

const sprites = new Map();
function sprite(precision, colour, factuality, quiet) {
  const key = [precision, colour, factuality, quiet, theme().name, window.devicePixelRatio].join();
  if (!sprites.has(key)) sprites.set(key, paintSprite(precision, colour, factuality, quiet));
  return sprites.get(key);
}

function paintSprite(precision, colour, factuality, quiet) {
  const ratio = Math.min(3, window.devicePixelRatio || 1), canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(28 * ratio);
  const context = canvas.getContext("2d"), size = quiet ? 0.8 : 1;
  context.setTransform(ratio * size, 0, 0, ratio * size, 14 * ratio, 14 * ratio);
  for (const [d, fill, dash] of GLYPHS[precision]) {
    const path = new Path2D(d);
    context.strokeStyle = theme().halo; context.lineWidth = 4.2; context.setLineDash([]);
    if (!dash) context.stroke(path);
    context.fillStyle = theme().halo; context.globalAlpha = 0.55; context.fill(path);
    context.globalAlpha = fill; context.fillStyle = colour; context.fill(path);
    context.globalAlpha = 1; context.strokeStyle = colour; context.lineWidth = 2;
    context.setLineDash(dash ? dash.split(" ").map(Number) : []); context.stroke(path);
  }
  context.setLineDash([]);
  if (factuality === "denied") {
    for (const [stroke, width] of [[theme().halo, 4.5], [theme().ink, 2.2]]) {
      context.strokeStyle = stroke; context.lineWidth = width; context.stroke(new Path2D(DENIED));
    }
  }
  if (factuality === "possible") { context.fillStyle = theme().ink; context.fill(new Path2D(DOUBT)); }
  return canvas;
}

class Symbols {
  constructor(table, state) { this.table = table; this.state = state; this.targets = []; }

  draw(context, frame) {
    const { X, Y, count } = this.table, { shown } = this.state, { world, left, top, width, height } = frame;
    const x0 = (left - 14) / world, x1 = (left + width + 14) / world, y0 = (top - 14) / world, y1 = (top + height + 14) / world;
    const inside = new Uint32Array(count);
    let n = 0;
    this.targets = [];
    for (let i = 0; i < count; i++) if (shown[i] && X[i] > x0 && X[i] < x1 && Y[i] > y0 && Y[i] < y1) inside[n++] = i;
    this.binned = n > BINNED || (n > CROWD && this.crowded(inside.subarray(0, n), world));
    if (this.binned) this.drawBins(context, frame, inside.subarray(0, n));
    else this.drawEach(context, frame, inside.subarray(0, n));
    this.drawSelected(context, frame);
  }

  // Do symbols lie upon each other so much that fewer than half have a place of their own?
  crowded(inside, world) {
    const places = new Set(), { X, Y } = this.table, scale = world / 14;
    for (const i of inside) places.add(Math.floor(X[i] * scale) * 1e7 + Math.floor(Y[i] * scale));
    return places.size < inside.length / 2;
  }

  // Events at the very same point are one symbol with their number: the popup turns their pages.
  drawEach(context, frame, inside) {
    const stacks = new Map(), { x, y } = this.table.arrays;
    for (const i of inside) {
      const key = x[i] + "," + y[i];
      if (stacks.has(key)) stacks.get(key).push(i);
      else stacks.set(key, [i]);
    }
    const order = [...stacks.values()].sort((a, b) => this.table.arrays.precision[b[0]] - this.table.arrays.precision[a[0]]);
    for (const events of order) this.drawStack(context, frame, events);
  }

  drawStack(context, frame, events) {
    const i = events[0], x = this.table.X[i] * frame.world - frame.left, y = this.table.Y[i] * frame.world - frame.top;
    context.drawImage(this.spriteOf(i), x - 14, y - 14, 28, 28);
    this.targets.push({ x, y, r: 11, events });
    if (events.length > 1) badge(context, x + 9, y - 9, events.length);
  }

  spriteOf(i) {
    const { table, state } = this;
    return sprite(PRECISIONS[table.arrays.precision[i]], state.colourOf(i), state.factuality(i), table.text("role", i) === "background");
  }

  // Squares lie on the world, not on the view, so that panning does not shuffle them.
  drawBins(context, frame, inside) {
    const { X, Y } = this.table, { world, left, top, width, height } = frame, { group } = this.state, kinds = this.state.colours.length;
    const column = Math.floor((left - 14) / BIN), row = Math.floor((top - 14) / BIN), wide = Math.ceil((width + 28) / BIN) + 1, tall = Math.ceil((height + 28) / BIN) + 1;
    const n = new Uint32Array(wide * tall), sumX = new Float64Array(wide * tall), sumY = new Float64Array(wide * tall), first = new Uint32Array(wide * tall);
    const groups = new Uint32Array(wide * tall * kinds), scale = world / BIN;
    for (let k = 0; k < inside.length; k++) {
      const i = inside[k], px = X[i] * scale, py = Y[i] * scale, bin = (Math.floor(py) - row) * wide + Math.floor(px) - column;
      n[bin]++; sumX[bin] += px; sumY[bin] += py; first[bin] = i; groups[bin * kinds + group[i]]++;
    }
    const used = [...n.keys()].filter(bin => n[bin]).sort((a, b) => n[a] - n[b]);
    for (const bin of used) {
      if (n[bin] === 1) this.drawStack(context, frame, [first[bin]]);
      else this.drawBin(context, { n: n[bin], midX: (column + bin % wide + 0.5) * BIN - left, midY: (row + Math.floor(bin / wide) + 0.5) * BIN - top, x: sumX[bin] * BIN - left * n[bin], y: sumY[bin] * BIN - top * n[bin], groups: groups.subarray(bin * kinds, (bin + 1) * kinds) });
    }
  }

  drawBin(context, bin) {
    const r = Math.min(BIN / 2 - 2, 8.5 + 2.7 * Math.log10(bin.n) ** 1.35), room = BIN / 2 - r - 1, colours = theme();
    const x = Math.max(bin.midX - room, Math.min(bin.midX + room, bin.x / bin.n)), y = Math.max(bin.midY - room, Math.min(bin.midY + room, bin.y / bin.n));
    context.beginPath(); context.arc(x, y, r + 1, 0, 7); context.fillStyle = colours.halo; context.fill();
    let from = -Math.PI / 2;
    context.lineWidth = 4;
    bin.groups.forEach((n, g) => {
      if (!n) return;
      const to = from + n / bin.n * 2 * Math.PI;
      context.beginPath(); context.arc(x, y, r - 2, from, to);
      context.strokeStyle = this.state.colours[g]; context.stroke();
      from = to;
    });
    context.beginPath(); context.arc(x, y, r - 4, 0, 7); context.fillStyle = colours.plate; context.fill();
    context.fillStyle = colours.ink; context.font = `600 ${bin.n > 999 ? 10 : 11}px ${FONT}`;
    context.textAlign = "center"; context.textBaseline = "middle"; context.direction = "ltr";
    context.fillText(short(bin.n), x, y + 0.5);
    this.targets.push({ x, y, r, bin: bin.n });
  }

  drawSelected(context, frame) {
    const i = this.state.selected;
    if (i === null || !this.table.placed(i)) return;
    const x = this.table.X[i] * frame.world - frame.left, y = this.table.Y[i] * frame.world - frame.top;
    context.drawImage(this.spriteOf(i), x - 14, y - 14, 28, 28);
    for (const [colour, width] of [[theme().halo, 5], [theme().ink, 2.2]]) {
      context.beginPath(); context.arc(x, y, 13.5, 0, 7);
      context.strokeStyle = colour; context.lineWidth = width; context.stroke();
    }
  }

  // What lies under a point of the canvas: the nearest target, with all others that a finger could mean.
  hit(x, y, slack = 3) {
    const near = this.targets.map(target => ({ target, d: Math.hypot(target.x - x, target.y - y) }))
      .filter(({ target, d }) => d <= target.r + slack).sort((a, b) => a.d - b.d);
    if (!near.length) return null;
    if (near[0].target.bin) return near[0].target;
    return { events: near.filter(({ target }) => target.events).flatMap(({ target }) => target.events) };
  }
}

const short = n => n < 10000 ? String(n) : n < 1e6 ? Math.round(n / 1000) + "k" : (n / 1e6).toFixed(1) + "M";
function badge(context, x, y, n) {
  context.font = `600 10px ${FONT}`;
  const width = Math.max(14, context.measureText(short(n)).width + 7);
  context.beginPath(); context.roundRect(x - width / 2, y - 7, width, 14, 7);
  context.fillStyle = theme().ink; context.fill();
  context.strokeStyle = theme().halo; context.lineWidth = 1.4; context.stroke();
  context.fillStyle = theme().halo; context.textAlign = "center"; context.textBaseline = "middle"; context.direction = "ltr";
  context.fillText(short(n), x, y + 0.5);
}
