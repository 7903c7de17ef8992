// Say things in the page's language: words are data (config.words), numbers and dates the browser's own knowledge.
const W = config.words, LOCALE = W.locale, RTL = W.dir === "rtl";
const numberFormat = new Intl.NumberFormat(LOCALE), plurals = new Intl.PluralRules(W.lang);
const dayFormat = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: W.month, year: "numeric", timeZone: "UTC" });
const regionNames = new Intl.DisplayNames([W.lang], { type: "region", fallback: "none" });
const num = value => numberFormat.format(value);
const LTR = text => "\u2066" + text + "\u2069";
const ISOLATE = text => "\u2068" + text + "\u2069"; // keeps a foreign name's direction to itself

// "popup.source", {n: 3}: the word, with its places filled; a table of plural forms is chosen from by n.
function say(path, filled = {}) {
  let word = path.split(".").reduce((table, key) => table?.[key], W);
  if (word && typeof word === "object") word = word[plurals.select(filled.n ?? 0)] ?? word.other;
  if (word === undefined) word = path.split(".").pop().replaceAll("_", " ");
  return word.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = filled[key];
    return value === undefined ? whole : typeof value === "number" ? num(value) : value;
  });
}

const sayDay = day => dayFormat.format(new Date(day * 864e5));
function sayDays(from, to) {
  if (from === null && to === null) return null;
  if (from === null) return say("when.not_later", { day: sayDay(to) });
  if (to === null) return say("when.not_earlier", { day: sayDay(from) });
  if (from === to) return sayDay(from);
  return dayFormat.formatRange(new Date(from * 864e5), new Date(to * 864e5));
}

function sayCount(min, max) {
  if (min === null && max === null) return null;
  if (min === max) return num(min);
  if (max === null) return say("count.at_least", { n: num(min) });
  if (min === null) return say("count.at_most", { n: num(max) });
  return `${num(min)}–${num(max)}`;
}

const rounded = metres => metres >= 1e5 ? Math.round(metres / 1e3) : metres >= 1e3 ? Math.round(metres / 100) / 10 : metres / 1e3;
function sayDistance(metres) {
  if (metres < 1000) return say("where.metres", { n: num(Math.round(metres)) });
  return say("where.km", { n: num(rounded(metres)) });
}
const wind = degrees => W.winds[Math.round(degrees / 22.5) % 16];
const windShort = degrees => W.winds_short[Math.round(degrees / 22.5) % 16];

// Fold spelling as geomap.folding does, from the same tables: for search in Arabic and Latin alike.
const FOLD = config.fold, dropped = new Set(FOLD.dropped), spaces = new Set(FOLD.spaces);
const isMark = code => FOLD.marks.some(([first, last]) => code >= first && code <= last);
function foldChar(char) {
  let out = "";
  for (const piece of char.normalize("NFKD")) {
    if (dropped.has(piece) || isMark(piece.codePointAt(0)) || (/\p{Cf}|\p{Cc}/u.test(piece) && !/\s/.test(piece))) continue;
    if (/\s/.test(piece) || spaces.has(piece)) out += " ";
    else if (/\p{Nd}/u.test(piece)) out += digitOf(piece);
    else for (const low of piece.toLowerCase()) out += FOLD.letters[low] ?? low;
  }
  return out;
}
function digitOf(char) { // decimal digits come in runs of ten whose zero begins at a code that NFKD of our scripts leaves
  let code = char.codePointAt(0), value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) { code--; value++; }
  return String(value % 10);
}
const foldTable = new Map();
function foldOne(char) {
  let out = foldTable.get(char);
  if (out === undefined) foldTable.set(char, out = foldChar(char));
  return out;
}
const fold = text => Array.from(text, foldOne).join("").replace(/\s+/g, " ").trim();

// Fold a long run of text unit by unit into 16-bit codes, and where each of its pieces now begins.
function foldRun(text, starts) {
  const table = new Int32Array(65536).fill(-1), more = new Map();
  let out = new Uint16Array(Math.ceil(text.length * 1.1) + 16), at = 0;
  const begins = new Uint32Array(starts.length);
  for (let piece = 0; piece + 1 < starts.length; piece++) {
    begins[piece] = at;
    if (at + (starts[piece + 1] - starts[piece]) * 4 + 16 > out.length) {
      const grown = new Uint16Array(out.length * 1.5 + (starts[piece + 1] - starts[piece]) * 4 + 16);
      grown.set(out); out = grown;
    }
    for (let i = starts[piece]; i < starts[piece + 1]; i++) {
      const unit = text.charCodeAt(i);
      let code = table[unit];
      if (code === -1) {
        const folded = unit >= 0xd800 && unit < 0xe000 ? text[i] : foldOne(text[i]);
        code = table[unit] = folded.length === 1 ? folded.charCodeAt(0) : folded.length ? 65536 : 0;
        if (code === 65536) more.set(unit, folded.slice(0, 4));
      }
      if (code === 65536) for (const char of more.get(unit)) out[at++] = char.charCodeAt(0);
      else if (code) out[at++] = code;
    }
    out[at++] = 10; // a line end keeps a match from running over into the next
  }
  begins[starts.length - 1] = at;
  return { text: new TextDecoder("utf-16le").decode(out.subarray(0, at)), begins };
}

// Building the page: elements, never markup; text only ever as text.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}
