// The page Explore: any signals over any time, from the store. It asks /query for what it draws, says which statements
// these are, and links to the samples themselves at /api/export.

import { byId, getJson, make, setServerTime, text, wait } from "../page.js";
import { loadSite, site } from "../site.js";
import { find, loadNames, titleOf } from "../signals.js";
import { choose, chosen, named, number, say, span, translate } from "../words.js";
import { startChoice, showChoice } from "./choice.js";
import { curveOf, newestOf, runsOf } from "./curves.js";
import { sentenceOf, showLegend } from "./legend.js";
import { Plot } from "./plot.js";
import * as range from "./range.js";
import { instantOf, iso, kindOf, zoneName } from "./zones.js";

const { view } = range;
const colours = ["#2f9e8f", "#d9822b", "#4a7fb5", "#c25b9b", "#7f9a1f", "#8a6fd1", "#b0473c", "#5f7d8c"];
const settleMilliseconds = 150; // a hand that still moves does not ask
const followMilliseconds = 10_000;
const sidesPerPanel = 2;
const alarmKindsMax = 6; // that are named below the plot
const tones = { high: "#c62828", medium: "#d98b00", low: "#4a7fb5" };

const curves = new Map(); // name → what is drawn of it
const nothing = { episodes: [], isCut: false };
let alarms = nothing; // those that stood in the range
let plot = null;
let asked = new AbortController();
let pending = 0;
let cursor = null; // the instant at which it stands

async function start() {
  byId("language").value = chosen();
  translate();
  range.readAddress(location.search);
  plot = new Plot(byId("canvas"), {
    pan: milliseconds => moved(() => range.show(view.from + milliseconds, view.to + milliseconds)),
    zoom: (factor, around) => moved(() => range.zoom(factor, around)),
    select: (from, to) => moved(() => range.show(from, to)),
    cursor: showCursor,
  });
  bind();
  tell(say("loading"));
  await siteAtLast();
  startChoice(toggle);
  showAll();
  load();
  setInterval(() => view.last && !document.hidden && load(), followMilliseconds);
}

/** The page may be opened while the service starts: it is asked until it answers. */
async function siteAtLast() {
  for (;;) {
    try {
      await loadSite();
      await loadNames();
      setServerTime((await getJson("/api/status")).timeMilliseconds);
      range.move();
      return;
    } catch (error) {
      tell(`${say("noAnswer")} (${error.message})`, true);
      await wait(followMilliseconds / 2);
    }
  }
}

function bind() {
  for (const button of document.querySelectorAll("[data-last]")) {
    button.onclick = () => moved(() => range.follow(Number(button.dataset.last)));
  }
  for (const button of document.querySelectorAll("[data-period]")) {
    button.onclick = () => moved(() => range.showPeriod(button.dataset.period));
  }
  byId("earlier").onclick = () => moved(() => range.step(-1));
  byId("later").onclick = () => moved(() => range.step(1));
  byId("closer").onclick = () => moved(() => range.zoom(0.5));
  byId("wider").onclick = () => moved(() => range.zoom(2));
  byId("range").onsubmit = event => {
    event.preventDefault();
    showWritten();
  };
  byId("zone").onchange = event => moved(() => { view.zone = event.target.value; });
  byId("copy-query").onclick = () => copy(queriesOf());
  byId("copy-link").onclick = () => copy(new URL(range.addressOf(), location.href).href);
  byId("language").onchange = event => {
    choose(event.target.value);
    showAll();
    showChoice();
  };
}

/** The times in the fields, by the clocks of the zone. */
function showWritten() {
  const [from, to] = ["from", "to"].map(id => instantOf(view.zone, Date.parse(`${byId(id).value}Z`)));
  if (from < to) moved(() => range.show(from, to));
  else tell(say("rangeWrong"), true);
}

/** Chooses a signal or lets go of it; false when there are as many as may be. */
function toggle(name) {
  const index = view.signals.indexOf(name);
  if (index < 0 && view.signals.length >= range.signalsMax) {
    tell(say("signalsMax", range.signalsMax), true);
    return false;
  }
  if (index < 0) view.signals.push(name);
  else view.signals.splice(index, 1);
  showChoice();
  moved(() => {});
  return true;
}

/** After each change of what is to be seen: it is drawn at once of what is there, and asked for when hands rest. */
function moved(change) {
  change();
  showAll();
  byId("plot").ariaBusy = true;
  clearTimeout(pending);
  pending = setTimeout(load, settleMilliseconds);
}

// --- Asking ------------------------------------------------------------------------------------------------------

async function load() {
  clearTimeout(pending);
  asked.abort(); // of an answer that nobody waits for any more
  asked = new AbortController();
  const { signal } = asked;
  range.move();
  history.replaceState(null, "", range.addressOf()); // not with each move of a hand, which browsers refuse
  for (const name of curves.keys()) if (!view.signals.includes(name)) curves.delete(name);
  const unknown = view.signals.filter(name => !find(name));
  const known = view.signals.filter(find);
  byId("plot").ariaBusy = true;
  if (known.length > 0) tell(say("loading"));
  const faults = unknown.map(name => say("unknownSignal", name));
  await Promise.all([loadAlarms(signal), ...known.map(async name => {
    try {
      curves.set(name, await curveOf(name, { ...view }, plot.width, signal));
      if (!signal.aborted) showPicture();
    } catch (error) {
      if (!signal.aborted) faults.push(`${name}: ${error.message}`);
    }
  })]);
  if (signal.aborted) return;
  byId("plot").ariaBusy = false;
  tell(faults.join(" "), true);
  if (faults.length === 0) await tellEmpty(known);
  showAll();
}

/** Alarms that stood in the range; without them the curves are still right. */
async function loadAlarms(signal) {
  const [from, to] = [view.from, view.to].map(time => new Date(time).toISOString());
  const wanted = new URLSearchParams({ from, to, signals: view.signals.join(",") });
  try {
    alarms = view.signals.length > 0 ? await getJson(`/alarms/history?${wanted}`, { signal }) : nothing;
  } catch {
    alarms = nothing;
  }
}

/** An empty plot says why, and where there is something. */
async function tellEmpty(names) {
  if (names.length === 0) return tell(say("chooseSignals"));
  const empty = names.filter(name => curves.get(name)?.points.length === 0);
  if (empty.length === 0) return tell("");
  if (empty.length < names.length) return tell(say("noSamplesOf", empty.join(", ")));
  const newest = Math.max(...await Promise.all(empty.map(async name => await newestOf(name) ?? -Infinity)));
  if (!Number.isFinite(newest)) return tell(say("noSamplesAtAll"));
  const go = make("button", "", say("goToNewest"));
  go.onclick = () => moved(() => range.show(newest - (view.to - view.from), newest + 1));
  tell("");
  byId("explore-message").append(say("noSamplesHere", iso(view.zone, newest)), " ", go);
}

// --- Showing -----------------------------------------------------------------------------------------------------

function tell(words, isError = false) {
  byId("explore-message").className = isError ? "error" : "quiet";
  text(byId("explore-message"), words);
}

function showAll() {
  showRange();
  showPicture();
  showTaking();
}

function showRange() {
  for (const id of ["from", "to"]) {
    if (document.activeElement !== byId(id)) byId(id).value = iso(view.zone, view[id]).replace(" ", "T");
  }
  const wanted = [...new Set([...range.zones, view.zone])];
  const words = zone => zone === range.siteZone ? say("zoneOfSite", zone) : zone;
  if (byId("zone").textContent !== wanted.map(words).join("")) { // an equal list must not close an open one
    byId("zone").replaceChildren(...wanted.map(zone => new Option(words(zone), zone)));
  }
  byId("zone").value = view.zone;
  const kind = kindOf(view.zone, view);
  for (const button of document.querySelectorAll("[data-last], [data-period]")) {
    const { last, period } = button.dataset;
    const isOn = view.last ? Number(last) === view.last : Boolean(kind) && period === kind;
    button.setAttribute("aria-pressed", isOn);
  }
}

/** By unit, in the order in which they were chosen: two units a panel, one to each side. */
function panelsOf() {
  const sides = [];
  for (const [index, name] of view.signals.entries()) {
    const curve = curves.get(name);
    if (!curve || !find(name)) continue;
    const unit = find(name).unit ?? "";
    const limits = Object.values(find(name).limits ?? {}).filter(Number.isFinite);
    const drawn = { colour: colours[index % colours.length], runs: runsOf(curve), width: curve.width, limits };
    const side = sides.find(one => one.unit === unit);
    if (side) side.curves.push(drawn);
    else sides.push({ unit, curves: [drawn] });
  }
  const panels = [];
  while (sides.length > 0) panels.push({ sides: sides.splice(0, sidesPerPanel) });
  return panels;
}

/** The alarms of signals that are still chosen. */
const shownAlarms = () => alarms.episodes.filter(alarm => view.signals.includes(`${alarm.assetId}.${alarm.signal}`)
  && alarm.sinceMilliseconds <= view.to && (alarm.untilMilliseconds ?? view.to) >= view.from);

/** One that lasts ends with the range. */
const marksOf = () => shownAlarms()
  .map(alarm => ({
    time: alarm.sinceMilliseconds,
    until: alarm.untilMilliseconds ?? view.to,
    colour: tones[alarm.priority],
    label: `${alarm.signal}: ${named(alarm.kind)}`,
  }));

function showPicture() {
  const { from, to, zone } = view;
  plot.show({ from, to, zone, panels: panelsOf(), marks: marksOf() });
  byId("canvas").setAttribute("aria-label", say(
    "plotLabel", view.signals.join(", "), iso(zone, from), iso(zone, to), zoneName(zone, from)));
  showCursor(cursor);
}

/** What the curves are where the cursor stands; without one, over the whole range. */
function showCursor(instant, isSpoken = false) {
  cursor = instant;
  const drawn = view.signals.map((name, index) => ({
    name, title: titleOf(name), unit: find(name)?.unit ?? "", colour: colours[index % colours.length],
    curve: curves.get(name),
  }));
  showLegend(drawn, view, instant, toggle);
  const { zone, from, to } = view;
  if (isSpoken && instant !== null) {
    text(byId("spoken"), `${iso(zone, instant)}. ${sentenceOf(drawn, view, instant)}`);
  }
  text(byId("cursor-time"), instant === null
    ? `${iso(zone, from)} – ${iso(zone, to)} ${zoneName(zone, from)}`
    : `${iso(zone, instant)} ${zoneName(zone, instant)}`);
  text(byId("window-note"), notes().join(" "));
}

function notes() {
  const all = view.signals.map(name => curves.get(name)).filter(Boolean);
  const widths = [...new Set(all.map(curve => curve.width))].filter(width => width > 0);
  const words = widths.map(width => say("windowNote", span(width)));
  if (all.some(curve => curve.width === 0 && curve.points.length > 0)) words.push(say("samplesNote"));
  return [...words, ...alarmNotes()];
}

/** Which alarms stood, each kind with its number: flags close to each other have no room for words. */
function alarmNotes() {
  const counts = new Map();
  for (const { assetId, signal, kind } of shownAlarms()) {
    const name = `${assetId}.${signal} ${named(kind)}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kinds = [...counts].map(([name, count]) => count > 1 ? `${name} (${number.format(count)})` : name);
  if (kinds.length === 0) return [];
  const more = kinds.length > alarmKindsMax ? ", …" : "";
  const list = say("alarmsNote", kinds.slice(0, alarmKindsMax).join(", ") + more);
  return alarms.isCut ? [list, say("alarmsCut")] : [list];
}

// --- Taking away -------------------------------------------------------------------------------------------------

function showTaking() {
  const isEmpty = view.signals.filter(find).length === 0;
  byId("taking").hidden = byId("queries").hidden = isEmpty;
  for (const shape of ["long", "wide"]) byId(`download-${shape}`).href = exportOf(shape);
  text(byId("query-text"), queriesOf());
}

/** Export names signals by asset and field; of a series without a signal its own tags say the asset. */
function exportOf(shape) {
  const signals = view.signals.filter(find)
    .map(name => site.signals.has(name) ? name : `${find(name).tags.asset ?? ""}.${find(name).field}`);
  const said = new URLSearchParams({
    from: new Date(view.from).toISOString(), to: new Date(view.to).toISOString(),
    signals: signals.join(","), format: "csv", shape,
  });
  if (view.zone !== "UTC") said.set("zone", view.zone);
  return `/api/export?${said}`;
}

const forShell = words => `'${words.replaceAll("'", "'\\''")}'`;

/** The statements whose answers are drawn, as a shell asks them. */
const queriesOf = () => view.signals.map(name => curves.get(name)).filter(Boolean)
  .map(curve => `curl -sG ${forShell(`${location.origin}/query`)} -H 'Accept: application/csv' -d db=telemetry `
    + `--data-urlencode ${forShell(`q=${curve.statement}`)}`)
  .join("\n");

/** Browsers give their clipboard to secure pages only; elsewhere the selection is copied as if by hand. */
async function copy(words) {
  if (navigator.clipboard) await navigator.clipboard.writeText(words);
  else {
    const field = make("textarea", "", words);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  text(byId("copied"), say("copied"));
  await wait(followMilliseconds / 4);
  text(byId("copied"), "");
}

start();
