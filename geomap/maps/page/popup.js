// What one report says, told in full: when and how the date was derived, where in words and numbers, the quote, the source.
const QUOTE_SHOWN = 4000;
const httpUrl = text => typeof text === "string" && /^https?:\/\/[^\s<>"']+$/i.test(text) ? text : null;

function headline(table, i) {
  const actor = table.text("actor", i), target = table.text("target", i);
  if (!table.text("event_type", i) && actor && target) return `${ISOLATE(actor)} – ${ISOLATE(target)}`;
  const type = table.text("event_type", i) ?? "unknown", min = table.number("strikes_min", i), max = table.number("strikes_max", i);
  const forms = W.types[type];
  let what;
  if (forms && min !== null && min === max) what = say(`types.${type}`, { n: min }).replace("{n}", num(min));
  else if (min === null && max === null) what = forms ? W.types[type].plain ?? forms.other.replace("{n}", "").trim() : type.replaceAll("_", " ");
  else what = say("count.of", { count: sayCount(min, max), what: forms ? W.types[type].several ?? forms.other.replace("{n}", "").trim() : type.replaceAll("_", " ") });
  return what.charAt(0).toLocaleUpperCase(LOCALE) + what.slice(1);
}

// Where, in the page's words: the gloss of what the report says in its own.
function gloss(table, i, short = false) {
  const distance = table.number("distance_m", i), bearing = table.number("bearing_deg", i), name = anchorName(table, i);
  const anchor = name ? ISOLATE(name) : null;
  if (distance && anchor) {
    const about = table.text("location_modifier", i), far = sayDistance(distance);
    const said = about && W.modifiers[about] ? say(`modifiers.${about}`, { distance: far }) : far;
    return bearing === null ? say("where.from", { distance: said, anchor }) : say(short ? "where.short" : "where.offset", { distance: said, wind: short ? windShort(bearing) : wind(bearing), anchor });
  }
  if (bearing !== null && anchor) return say("where.heading", { wind: wind(bearing), anchor });
  const text = table.text("location_text", i);
  return text ? ISOLATE(text) : anchor;
}

// Coordinates no finer than their doubt: 40 km of it leave one decimal, 1 km three.
function coordinates(table, i) {
  const doubt = table.number("uncertainty_m", i), precision = table.arrays.precision[i];
  const digits = doubt ? Math.max(0, Math.min(5, Math.floor(-Math.log10(doubt / 111320)) + 1)) : precision >= 3 ? 1 : 4;
  const text = `${table.lat(i).toFixed(digits)}, ${table.lon(i).toFixed(digits)}`;
  return doubt ? say("where.coordinates", { point: LTR(text), doubt: sayDistance(doubt) }) : LTR(text);
}

function happened(table, i) {
  const days = sayDays(table.day("date_earliest", i), table.day("date_latest", i));
  const announced = sayDays(table.day("reported_earliest", i), table.day("reported_latest", i));
  return { days, announced };
}

const said = (text, lang) => el("q", { lang, dir: "auto" }, text);

function whenPart(table, i) {
  const { days, announced } = happened(table, i), lang = table.text("language", i), rows = [];
  const derived = [table.text("date_text", i), table.text("date_rule", i), table.text("time_text", i)];
  const cell = el("dd", {}, el("strong", {}, days ?? say("when.unknown")));
  if (derived[0]) cell.append(" ", say("when.from_words"), " ", said(derived[0], lang));
  if (derived[2]) cell.append(" · ", said(derived[2], lang));
  if (derived[1]) cell.append(el("small", {}, el("bdi", {}, W.rules[derived[1]] ?? derived[1])));
  rows.push(el("dt", {}, say("popup.happened")), cell);
  if (announced) {
    const words = table.text("reported_text", i), other = el("dd", {}, announced);
    if (words) other.append(" ", say("when.from_words"), " ", said(words, lang));
    rows.push(el("dt", {}, say("popup.announced")), other);
  }
  return rows;
}

function wherePart(table, i) {
  const phrase = table.text("location_text", i), words = gloss(table, i), cell = el("dd", {});
  if (words) cell.append(words);
  if (phrase && words !== ISOLATE(phrase)) cell.append(el("small", {}, said(phrase, table.text("language", i))));
  if (table.placed(i)) cell.append(el("small", { class: "coordinates" }, coordinates(table, i)));
  else cell.append(el("small", {}, say("where.unplaced")));
  return [el("dt", {}, say("popup.where")), cell];
}

function countsPart(table, i) {
  const parts = ["killed", "wounded", "vehicles_destroyed"].map(name => {
    const count = sayCount(table.number(name + "_min", i), table.number(name + "_max", i));
    return count && say("popup." + name, { count });
  }).filter(Boolean);
  return parts.length ? [el("dt", {}, say("popup.losses")), el("dd", {}, parts.join(" · "))] : [];
}

function whoPart(table, i) {
  const rows = [];
  for (const name of ["actor", "target"]) {
    const text = table.text(name, i);
    if (text) rows.push(el("dt", {}, say("popup." + name)), el("dd", {}, el("bdi", {}, text)));
  }
  return rows;
}

function quotePart(table, i) {
  const quote = table.text("quote", i), lang = table.text("language", i);
  if (!quote) return null;
  const rtl = /^(ar|fa|ur|he|ps|ckb|ug|sd|yi)\b/.test(lang ?? "") || (!lang && /[\u0590-\u08ff]/.test(quote.slice(0, 200)));
  const cut = quote.length > QUOTE_SHOWN;
  return el("blockquote", { lang, dir: lang || rtl ? (rtl ? "rtl" : "ltr") : "auto", tabindex: quote.length > 500 ? 0 : null },
    cut ? quote.slice(0, QUOTE_SHOWN) + "…" : quote, cut ? el("small", { lang: W.lang, dir: W.dir }, " " + say("popup.cut", { n: quote.length })) : null);
}

function sourcePart(table, i) {
  const source = table.text("source", i), url = config.links ? httpUrl(table.text("url", i)) : null, published = table.day("published", i);
  const archived = config.links ? httpUrl(table.text("archived_url", i)) : null;
  if (!source && !url && published === null) return [];
  const link = (href, text) => el("a", { href, rel: "noopener noreferrer external", target: "_blank", dir: "auto" }, text);
  const cell = el("dd", {}, url ? link(url, source ?? url) : el("span", { dir: "auto" }, source ?? ""));
  if (published !== null) cell.append(source || url ? " · " : "", say("popup.published", { day: sayDay(published) }));
  if (archived) cell.append(" · ", link(archived, say("popup.archived")));
  return [el("dt", {}, say("popup.source")), cell];
}

function morePart(table, i) {
  const rows = [];
  for (const name of ["georeference_protocol", "georeference_remarks", "confidence", "precision_ged", "precision_acled", "event_id"]) {
    const value = table.value(name, i);
    if (value !== null && table.has(name)) rows.push(el("dt", {}, say("columns." + name)), el("dd", {}, el("bdi", {}, String(value))));
  }
  return rows.length ? el("details", {}, el("summary", {}, say("popup.more")), el("dl", {}, ...rows)) : null;
}

// Other reports of the same incident, with distance and verdict, each a button that goes there.
function othersPart(state, i) {
  const { table, areas } = state, incident = state.incidentOf(i), items = [];
  const others = new Map((incident?.[1] ?? []).filter(j => j !== i).map(j => [j, null]));
  for (const n of areas.linksOf.get(i) ?? []) {
    const link = areas.links[n];
    others.set(link[0] === i ? link[1] : link[0], link);
  }
  for (const [j, link] of [...others].slice(0, 30)) {
    const tone = toneOf(link?.[4] ?? incident?.[2], link?.[3]), far = link?.[2];
    items.push(el("li", { class: tone }, el("button", { type: "button", onclick: () => state.select(j, { move: true }) },
      el("span", { dir: "auto" }, table.text("source", j) ?? table.text("event_id", j) ?? ""), " · ", headline(table, j)),
    el("small", {}, [sayVerdict(link?.[4] ?? incident?.[2], tone), far ? say("compare.far", { distance: sayDistance(far) }) : null, happened(table, j).days].filter(Boolean).join(" · ")),
    ...(link?.[6] ?? []).map(cause => el("small", { class: "cause", dir: "auto" }, say("compare.cause", { cause })))));
  }
  return items.length ? el("section", { class: "others" }, el("h3", {}, say("popup.others", { n: items.length })), el("ul", {}, ...items)) : null;
}

function card(state, i, stack) {
  const { table } = state, precision = PRECISIONS[table.arrays.precision[i]], factuality = state.factuality(i), role = table.text("role", i);
  const pills = el("p", { class: "pills" }, el("span", { class: "pill" }, glyphSvg(precision, state.colourOf(i)), say("precision." + precision)));
  if (factuality !== "asserted") pills.append(el("span", { class: "pill warn" }, say("factuality." + factuality)));
  if (role === "background") pills.append(el("span", { class: "pill" }, say("role.background")));
  if (precision === "district" || precision === "region") pills.append(el("span", { class: "pill" }, say("precision.centroid")));
  const at = stack.indexOf(i), turn = step => () => state.select(stack[(at + step + stack.length) % stack.length], { stack });
  const pager = stack.length > 1 ? el("nav", { class: "pager", "aria-label": say("popup.stack") },
    el("button", { type: "button", onclick: turn(-1), "aria-label": say("popup.previous") }, RTL ? "›" : "‹"),
    el("span", {}, say("popup.page", { at: at + 1, n: stack.length })),
    el("button", { type: "button", onclick: turn(1), "aria-label": say("popup.next") }, RTL ? "‹" : "›")) : null;
  return el("article", { class: "card", "aria-labelledby": "card-title", "data-event": table.text("event_id", i) ?? String(i) },
    pager, el("h2", { id: "card-title", tabindex: -1 }, headline(table, i)), pills,
    el("dl", {}, ...whenPart(table, i), ...wherePart(table, i), ...whoPart(table, i), ...countsPart(table, i)),
    quotePart(table, i), el("dl", {}, ...sourcePart(table, i)), othersPart(state, i), morePart(table, i),
    el("p", { class: "actions" }, el("button", { type: "button", onclick: () => state.copyLink() }, say("popup.copy"))));
}
