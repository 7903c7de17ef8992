// The ground: Natural Earth drawn on one canvas that is as wide as the view and a margin; names that never collide.
const Sheet = L.Renderer.extend({
  options: { padding: 0.2 },
  initialize(draw, options) { L.setOptions(this, options); L.stamp(this); this._layers = {}; this.draw = draw; },
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
  },
  _destroyContainer() { this._container.remove(); delete this._container; },
  _updatePaths() {},
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), ratio = Math.min(3, window.devicePixelRatio || 1), canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    const width = Math.round(size.x * ratio), height = Math.round(size.y * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width; canvas.height = height;
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
    }
    this._context.setTransform(1, 0, 0, 1, 0, 0);
    this._context.clearRect(0, 0, width, height);
    this._context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw(this._context, this.frame());
    this._map.fire("sheet", { sheet: this });
  },
  // What a drawing needs: size, scale (world pixels) and the world pixel at the canvas's corner.
  frame() {
    const zoom = this._map.getZoom(), origin = this._map.getPixelOrigin();
    return {
      zoom, world: 256 * 2 ** zoom, left: this._bounds.min.x + origin.x, top: this._bounds.min.y + origin.y,
      width: this._bounds.getSize().x, height: this._bounds.getSize().y,
    };
  },
  redraw() { if (this._map && this._container) this._update(); },
});

function readVarints(bytes) {
  let at = 0;
  return () => {
    let value = 0, shift = 1, byte;
    do { byte = bytes[at++]; value += (byte & 127) * shift; shift *= 128; } while (byte > 127);
    return value;
  };
}

function extent(xs, ys) {
  let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] < x0) x0 = xs[i];
    if (xs[i] > x1) x1 = xs[i];
    if (ys[i] < y0) y0 = ys[i];
    if (ys[i] > y1) y1 = ys[i];
  }
  return { x0, x1, y0, y1 };
}

// One cell: for each layer its lines, in the unit square; `cut` marks points reached along the cell's own edge.
function readCell(block, [level, west, south, offset, length]) {
  const steps = block.head.steps[level], size = block.head.cell * steps;
  const next = readVarints(new Uint8Array(block.buffer, block.start + offset, length));
  const signed = () => { const value = next(); return value % 2 ? -(value + 1) / 2 : value / 2; };
  const cell = { level, x0: mercX(west), x1: mercX(west + block.head.cell), y0: mercY(south + block.head.cell), y1: mercY(south), layers: {} };
  for (const layer of block.head.layers) {
    const lines = [];
    let x = west * steps, y = south * steps;
    for (let count = next(); count > 0; count--) {
      const points = next(), xs = new Float64Array(points), ys = new Float64Array(points), cut = new Uint8Array(points);
      for (let i = 0; i < points; i++) {
        const lastX = x, lastY = y;
        x += signed(); y += signed();
        if (i) cut[i] = (x === lastX && x % size === 0) || (y === lastY && y % size === 0) ? 1 : 0;
        xs[i] = mercX(x / steps); ys[i] = mercY(y / steps);
      }
      lines.push({ xs, ys, cut, ...extent(xs, ys) });
    }
    cell.layers[layer] = lines;
  }
  return cell;
}

class Ground {
  constructor(block) {
    this.block = block;
    this.index = new Map(); // "west/south" -> entries by level
    this.read = new Map();
    let offset = 0;
    for (const [level, west, south, length] of block.head.cells) {
      const entry = [level, west, south, offset, length];
      offset += length;
      const key = entry[1] + "/" + entry[2];
      if (!this.index.has(key)) this.index.set(key, []);
      this.index.get(key)[entry[0]] = entry;
    }
  }

  cell(entry) {
    const key = entry.join();
    if (!this.read.has(key)) this.read.set(key, readCell(this.block, entry));
    return this.read.get(key);
  }

  // The finest cells worth drawing at a zoom, within a frame.
  visible(frame) {
    const level = frame.zoom < 4 ? 0 : frame.zoom < 6 ? 1 : 2, out = [];
    for (const entries of this.index.values()) {
      const entry = level ? entries[level] ?? entries[3 - level] ?? entries[0] : entries[0] ?? entries[1] ?? entries[2];
      const [, west, south] = entry, size = this.block.head.cell;
      const x0 = mercX(west) * frame.world - frame.left, x1 = mercX(west + size) * frame.world - frame.left;
      const y0 = mercY(south + size) * frame.world - frame.top, y1 = mercY(south) * frame.world - frame.top;
      for (const shift of [-frame.world, 0, frame.world]) {
        if (x1 + shift > 0 && x0 + shift < frame.width && y1 > 0 && y0 < frame.height) out.push([this.cell(entry), shift]);
      }
    }
    return out;
  }

  // All lines of one layer in view as one path; without `edges` the cells' own edges are left out.
  path(cells, layer, frame, edges) {
    const path = new Path2D(), { world, left, top, width, height } = frame;
    for (const [cell, shift] of cells) {
      for (const { xs, ys, cut, x0, x1, y0, y1 } of cell.layers[layer]) {
        if (x1 * world + shift < left || x0 * world + shift > left + width || y1 * world < top || y0 * world > top + height) continue;
        let lastX = NaN, lastY = NaN;
        const last = xs.length - 1;
        for (let i = 0; i <= last; i++) {
          const x = xs[i] * world - left + shift, y = ys[i] * world - top;
          if (i && i < last && !cut[i] && !cut[i + 1] && Math.abs(x - lastX) + Math.abs(y - lastY) < 0.8) continue;
          if (i && (edges || !cut[i])) path.lineTo(x, y);
          else path.moveTo(x, y);
          lastX = x; lastY = y;
        }
      }
    }
    return path;
  }

  draw(context, frame) {
    const colours = theme(), cells = this.visible(frame);
    context.fillStyle = colours.sea;
    context.fillRect(0, 0, frame.width, frame.height);
    context.lineJoin = "round";
    context.setLineDash([]);
    const land = this.path(cells, "land", frame, true);
    context.fillStyle = context.strokeStyle = colours.land;
    context.lineWidth = 0.8;
    context.fill(land, "evenodd");
    context.stroke(land); // hides the hair between two cells
    drawGraticule(context, frame, colours);
    context.fillStyle = colours.sea;
    context.fill(this.path(cells, "lakes", frame, true), "evenodd");
    const strokes = [["lakes", colours.coast, 0.6, []], ["rivers", colours.river, 1, []], ["land", colours.coast, 0.9, []]];
    if (frame.zoom >= 5) strokes.push(["divisions", colours.division, 0.8, [4, 3]]);
    strokes.push(["borders", colours.border, 1.1, frame.zoom >= 5 ? [7, 3, 1.5, 3] : []]);
    for (const [layer, colour, width, dash] of strokes) {
      context.strokeStyle = colour; context.lineWidth = width; context.setLineDash(dash);
      context.stroke(this.path(cells, layer, frame, false));
    }
    context.setLineDash([]);
  }
}

function drawGraticule(context, frame, colours) {
  const step = [30, 30, 20, 10, 5, 5, 2, 1, 1, 0.5, 0.25][Math.min(10, Math.floor(frame.zoom))];
  context.beginPath();
  const first = Math.ceil((frame.left / frame.world * 360 - 180) / step) * step;
  for (let lon = first; mercX(lon) * frame.world - frame.left < frame.width; lon += step) {
    const x = Math.round(mercX(lon) * frame.world - frame.left) + 0.5;
    context.moveTo(x, 0); context.lineTo(x, frame.height);
  }
  for (let lat = -80; lat <= 80; lat += step) {
    const y = Math.round(mercY(lat) * frame.world - frame.top) + 0.5;
    if (y > 0 && y < frame.height) { context.moveTo(0, y); context.lineTo(frame.width, y); }
  }
  context.strokeStyle = colours.graticule; context.lineWidth = 1;
  context.stroke();
}

// Names: whoever comes first keeps the room.
const FONT = '"Noto Sans", "Noto Sans Arabic", system-ui, sans-serif';
const widthsKnown = new Map();
function widthOf(context, text, font) {
  const key = font + text;
  let width = widthsKnown.get(key);
  if (width === undefined) {
    context.font = font;
    widthsKnown.set(key, width = context.measureText(text).width);
  }
  return width;
}

class Names {
  constructor(context, frame) { this.context = context; this.frame = frame; this.taken = []; }

  free(box) {
    return box.x1 > 0 && box.x0 < this.frame.width && box.y1 > 0 && box.y0 < this.frame.height
      && !this.taken.some(other => box.x0 < other.x1 && box.x1 > other.x0 && box.y0 < other.y1 && box.y1 > other.y0);
  }

  reserve(x, y, r) { this.taken.push({ x0: x - r, x1: x + r, y0: y - r, y1: y + r }); }

  // Lines of [text, font, colour] beside, above or below a point, or on it; false where there is no room.
  put(x, y, lines, { gap = 7, centred = false, plate = null, must = false } = {}) {
    const context = this.context, heights = lines.map(([, size]) => size * 1.25), height = heights.reduce((a, b) => a + b, 0);
    const widths = lines.map(([text, size, , weight = ""]) => widthOf(context, text, `${weight} ${size}px ${FONT}`));
    const width = Math.max(...widths), pad = plate ? 5 : 1;
    const spots = centred ? [[x - width / 2, y - height / 2]]
      : [[x + gap, y - height / 2], [x - gap - width, y - height / 2], [x - width / 2, y - gap - height], [x - width / 2, y + gap]];
    let spot = null;
    for (const [left, top] of spots) {
      const box = { x0: left - pad, x1: left + width + pad, y0: top - pad, y1: top + height + pad };
      if (this.free(box)) { this.taken.push(box); spot = [left, top, box]; break; }
    }
    if (!spot && must) {
      const [left, top] = spots[0], box = { x0: left - pad, x1: left + width + pad, y0: top - pad, y1: top + height + pad };
      this.taken.push(box); spot = [left, top, box];
    }
    if (!spot) return false;
    const [left, top, box] = spot, aligned = centred || spot[0] === x - width / 2;
    if (plate) {
      context.beginPath();
      context.roundRect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, 7);
      context.fillStyle = plate.fill; context.fill();
      context.strokeStyle = plate.line; context.lineWidth = 1; context.stroke();
    }
    let baseline = top;
    lines.forEach(([text, size, colour, weight = ""], i) => {
      context.font = `${weight} ${size}px ${FONT}`;
      context.textBaseline = "middle"; context.textAlign = "left"; context.direction = /[\u0590-\u08ff]/.test(text) ? "rtl" : "ltr";
      const at = aligned ? left + (width - widths[i]) / 2 : left < x ? left + width - widths[i] : left;
      const middle = baseline + heights[i] / 2;
      if (!plate) {
        context.strokeStyle = theme().halo; context.lineWidth = 3; context.lineJoin = "round";
        context.strokeText(text, at, middle);
      }
      context.fillStyle = colour;
      context.fillText(text, at, middle);
      baseline += heights[i];
    });
    return true;
  }
}

const spaced = text => RTL || /[\u0590-\u08ff]/.test(text) ? text : text.toLocaleUpperCase(LOCALE).split("").join("\u200a");
function drawCountries(names, frame, countries) {
  if (frame.zoom > 7.5) return;
  for (const [code, lon, lat, area] of countries) {
    const x = mercX(lon) * frame.world - frame.left, y = mercY(lat) * frame.world - frame.top;
    if (Math.sqrt(area) * frame.world / 360 < 26) continue;
    const name = regionNames.of(code);
    if (name) names.put(x, y, [[spaced(name), Math.min(17, 10 + Math.log2(1 + area) * 0.6), theme().country, "600"]], { centred: true });
  }
}

function drawTowns(names, frame, towns) {
  const colours = theme(), context = names.context;
  for (const [lon, lat, rank, latin, arabic] of towns) {
    if (rank > frame.zoom + (frame.zoom >= 6 ? 1.6 : 0.5)) break; // towns come in order of rank
    const x = mercX(lon / 1000) * frame.world - frame.left, y = mercY(lat / 1000) * frame.world - frame.top;
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    const first = RTL ? arabic || latin : latin || arabic, second = RTL ? latin : arabic;
    const size = rank <= 4 ? 13 : rank <= 7 ? 12 : 11.5;
    const lines = [[first, size, colours.town]];
    if (frame.zoom >= 7.5 && second && second !== first) lines.push([second, size - 1.5, colours.townQuiet]);
    if (!names.free({ x0: x - 3, x1: x + 3, y0: y - 3, y1: y + 3 }) || !names.put(x, y, lines)) continue;
    context.beginPath();
    context.arc(x, y, rank <= 5 ? 2.6 : 2, 0, 7);
    context.fillStyle = colours.town; context.fill();
    context.strokeStyle = colours.halo; context.lineWidth = 1; context.stroke();
  }
}
