// Unpack what the page carries: a configuration, a block of event columns, a block of ground. Nothing is fetched.
// Tables of words have no prototype, so that an event of type "constructor" finds nothing there.
const bare = (key, value) => value && typeof value === "object" && !Array.isArray(value) ? Object.assign(Object.create(null), value) : value;
const config = JSON.parse(document.getElementById("geomap-config").textContent, bare);
const NO_DAY = -2147483648, STEPS = 100000;
const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, int32: Int32Array, float32: Float32Array };

function bytesOf(id) {
  const holder = document.getElementById(id), text = holder.textContent;
  holder.textContent = "";
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text), out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

async function unpack(id) {
  const bytes = bytesOf(id);
  if (!bytes.length) return null;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const size = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  return { head, buffer, start: 4 + size };
}

// Longitude and latitude to the unit square of Web Mercator, and back.
const mercX = lon => (lon + 180) / 360;
const mercY = lat => {
  const s = Math.sin(Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
};

class Table {
  constructor({ head, buffer, start }) {
    this.head = head;
    this.count = head.count;
    this.arrays = {};
    this.strings = {};
    for (const [name, [kind, offset, length]] of Object.entries(head.sections)) {
      this.arrays[name] = new ARRAYS[kind](buffer, start + offset, length);
    }
    const { x, y } = this.arrays;
    this.X = new Float64Array(this.count).fill(NaN);
    this.Y = new Float64Array(this.count).fill(NaN);
    for (let i = 0; i < this.count; i++) {
      if (x[i] === NO_DAY) continue;
      this.X[i] = mercX(x[i] / STEPS);
      this.Y[i] = mercY(y[i] / STEPS);
    }
  }

  has(name) { return name in this.arrays; }
  placed(i) { return this.arrays.x[i] !== NO_DAY; }
  lon(i) { return this.arrays.x[i] / STEPS; }
  lat(i) { return this.arrays.y[i] / STEPS; }

  // Long texts lie in one string; where each begins is added up at the first question.
  run(name) {
    if (!this.strings[name]) {
      const lengths = this.arrays[name + ".lengths"], starts = new Uint32Array(this.count + 1);
      for (let i = 0; i < this.count; i++) starts[i + 1] = starts[i] + Math.max(0, lengths[i]);
      this.strings[name] = { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.arrays[name]), starts };
    }
    return this.strings[name];
  }

  text(name, i) {
    if (!this.has(name)) return null;
    const values = this.head.values[name];
    if (this.head.words[name]) return this.worded(name, i);
    if (values) return this.arrays[name][i] ? values[this.arrays[name][i] - 1] : null;
    if (this.arrays[name + ".lengths"][i] < 0) return null;
    const { text, starts } = this.run(name);
    return text.slice(starts[i], starts[i + 1]);
  }

  // Texts kept as numbers of words: the numbers are put together from their bytes at the first question.
  wordRun(name) {
    if (!this.strings[name]) {
      const lengths = this.arrays[name], starts = new Uint32Array(this.count + 1), planes = [0, 1, 2, 3].map(k => this.arrays[name + "." + k]);
      for (let i = 0; i < this.count; i++) starts[i + 1] = starts[i] + lengths[i];
      const codes = new Uint32Array(planes[0]);
      planes.slice(1).forEach((plane, k) => { if (plane) for (let i = 0; i < codes.length; i++) codes[i] += plane[i] << 8 * (k + 1); });
      this.strings[name] = { codes, starts };
    }
    return this.strings[name];
  }

  worded(name, i) {
    if (!this.arrays[name][i]) return null;
    const { codes, starts } = this.wordRun(name), words = this.head.words[name];
    return Array.from(codes.subarray(starts[i], starts[i + 1]), code => words[code]).join(" ");
  }

  number(name, i) {
    const value = this.has(name) ? this.arrays[name][i] : NaN;
    return Number.isNaN(value) ? null : value;
  }

  day(name, i) {
    const value = this.has(name) ? this.arrays[name][i] : NO_DAY;
    return value === NO_DAY ? null : value;
  }

  value(name, i) {
    if (this.head.values[name] || this.head.words[name] || this.head.texts.includes(name)) return this.text(name, i);
    if (this.arrays[name] instanceof Int32Array) return isoDay(this.day(name, i));
    const number = this.number(name, i);
    return number === null ? null : Number(number.toPrecision(7));
  }

  // The polygons of a shape, as rings of [lat, lon], or null. Which rings belong to a shape is found once. A shape that
  // was cut at the antimeridian is put together again on the side of the point it belongs to.
  shape(name, i, lon = this.lon(i)) {
    const code = this.has(name) ? this.arrays[name][i] : 0;
    if (!code) return null;
    this.shapes ??= {};
    this.shapes[name] ??= this.ringIndex(name);
    const turn = ring => { const away = ring[0][1] - lon; return away > 180 ? -360 : away < -180 ? 360 : 0; };
    return this.shapes[name].get(code)?.map(([ring]) => [turn(ring) ? ring.map(([lat, x]) => [lat, x + turn(ring)]) : ring]) ?? null;
  }

  ringIndex(name) {
    const points = this.arrays[name + ".points"], rings = this.arrays[name + ".rings"], owner = this.arrays[name + ".owner"];
    const index = new Map();
    let at = 0, x = 0, y = 0;
    for (let r = 0; r < rings.length; r++) {
      const ring = [];
      for (let p = 0; p < rings[r]; p++, at += 2) {
        x += points[at]; y += points[at + 1];
        ring.push([y / STEPS, x / STEPS]);
      }
      if (!index.has(owner[r])) index.set(owner[r], []);
      index.get(owner[r]).push([ring]);
    }
    return index;
  }
}

const isoDay = day => day === null ? null : new Date(day * 864e5).toISOString().slice(0, 10);
