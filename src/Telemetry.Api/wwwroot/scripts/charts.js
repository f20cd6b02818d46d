// Live plots: history by query, then points as they arrive, on an axis that ends now.

import { byId, listen, make, remember, remembered, serverNow, text } from "./page.js";
import { columnsOf, forget, insert, merge } from "./samples.js";
import { find, loadNames, names, samplesSince, statementFor, titleOf } from "./signals.js";
import { site } from "./site.js";
import { day, hourAndMinute, number, say, timeOfDay } from "./words.js";

const usual = ["CR-201.bearing_de_temp", "CR-201.motor_current", "ML-301.motor_power", "WX-601.air_temp"];
const drawMilliseconds = 1_000; // the axis moves although nothing arrives
const aheadSecondsMax = 5; // a gateway's clock may be so far ahead without a word
const charts = new Map();
let feed = null;

export async function startCharts() {
  byId("window").onchange = () => {
    charts.forEach(label);
    charts.forEach(loadHistory);
  };
  byId("signal").onfocus = () => loadNames().catch(tellError);
  byId("choose").onsubmit = event => {
    event.preventDefault();
    addByHand(byId("signal").value.trim()).catch(tellError);
  };
  addEventListener("resize", () => charts.forEach(fit));
  setInterval(() => charts.forEach(draw), drawMilliseconds);
  await loadNames().catch(tellError);
  byId("signal").dataset.sayHint = site.signals.size > 0 ? "signalHint" : "seriesHint";
  byId("signal").placeholder = say(byId("signal").dataset.sayHint);
  remembered("charts", usual).filter(find).forEach(add);
  if (names().length === 0) tell(say("nothingToPlot"));
  follow();
}

/** What plots say, again, in the language chosen now. */
export function showCharts() {
  charts.forEach(label);
  charts.forEach(draw);
  tell("");
}

const tell = words => text(byId("plot-message"), words);
const tellError = error => tell(error.message);

async function addByHand(name) {
  if (!name) return;
  if (!find(name)) await loadNames(true);
  if (!find(name)) return tell(say("unknownSignal", name));
  if (charts.has(name)) return tell(say("alreadyShown", name));
  tell("");
  byId("signal").value = "";
  add(name);
  remember("charts", [...charts.keys()]);
  follow();
}

function add(name) {
  const words = make("span");
  const link = make("a");
  const further = make("a");
  const note = make("small");
  const close = make("button", "", "✕");
  const box = make("div", "chart", make("h3", "", words, " ", further, " ", link, " ", note), close);
  byId("charts").append(box);
  close.onclick = () => remove(name);
  const limits = Object.values(find(name).limits ?? {}).filter(Number.isFinite);
  const chart = { box, words, further, link, note, close, limits, samples: [], lonely: [] };
  chart.plot = plotOf(chart);
  charts.set(name, chart);
  label(chart, name);
}

function label(chart, name) {
  text(chart.words, titleOf(name));
  text(chart.further, say("explore"));
  chart.further.href = `explore.html?${new URLSearchParams({ signal: name, last: windowSeconds() })}`;
  text(chart.link, say("query"));
  chart.close.title = say("remove");
  const statement = statementFor(name, "time > now() - 15m");
  chart.link.href = `/query?db=telemetry&pretty=true&q=${encodeURIComponent(statement)}`;
}

function remove(name) {
  charts.get(name).plot.destroy();
  charts.get(name).box.remove();
  charts.delete(name);
  remember("charts", [...charts.keys()]);
  follow();
}

// --- Samples -----------------------------------------------------------------------------------------------------

const windowSeconds = () => Number(byId("window").value);

/** Merges the store's samples with those that arrived while it answered. */
async function loadHistory(chart, name) {
  try {
    chart.samples = merge(await samplesSince(name, windowSeconds()), chart.samples);
    draw(chart);
  } catch (error) {
    tellError(error);
  }
}

/** First the feed, then the history: no sample falls between the two. */
function follow() {
  feed?.close();
  if (charts.size === 0) return;
  const chosen = [...charts.keys()].map(name => `name=${encodeURIComponent(name)}`).join("&");
  const load = () => charts.forEach(loadHistory);
  feed = listen(`/api/points/feed?${chosen}`, { message: samples => samples.forEach(take) }, load);
  load();
}

/** A late sample stands where it belongs; one older than the window is nothing for a live plot. */
function take(sample) {
  const chart = charts.get(sample.signal);
  const time = sample.timeMilliseconds / 1000;
  if (chart && time >= serverNow() / 1000 - windowSeconds()) insert(chart.samples, time, sample.value);
}

// --- Drawing -----------------------------------------------------------------------------------------------------

function plotOf(chart) {
  // A canvas does not know CSS variables: it is given the colours of elements that use them.
  const ink = getComputedStyle(byId("plot-message")).color;
  const line = getComputedStyle(byId("alarms")).borderTopColor;
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const limit = () => ({ stroke: "#c62828", width: 1, dash: [4, 4], points: { show: false } });
  return new uPlot({
    width: chart.box.clientWidth, height: 170, legend: { show: false },
    axes: [{ ...axis, space: 64, values: timesOf }, { ...axis, size: 60 }],
    series: [{}, {
      stroke: "#2f9e8f", width: 1.5,
      points: { show: false, size: 4, fill: "#2f9e8f", filter: () => chart.lonely },
    }, ...chart.limits.map(limit)],
    scales: { x: { range: () => chart.span ?? [0, 1] }, y: { range: () => rangeOf(chart.samples) } },
  }, [[], [], ...chart.limits.map(() => [])], chart.box);
}

function draw(chart) {
  const now = serverNow() / 1000;
  forget(chart.samples, now - windowSeconds());
  const first = chart.samples[0]?.time ?? now - windowSeconds();
  chart.span = [Math.min(first, now - 60), now];
  const { times, values, lonely } = columnsOf(chart.samples, now);
  chart.lonely = lonely;
  chart.plot.setData([times, values, ...chart.limits.map(limit => times.map(() => limit))]);
  text(chart.note, noteOf(chart.samples, now));
}

function noteOf(samples, now) {
  if (samples.length === 0) return say("noSamples");
  const ahead = samples.at(-1).time - now;
  return ahead > aheadSecondsMax ? say("clockAhead", `${number.format(ahead)} s`) : "";
}

/** Limits are drawn where the signal is near them; a far limit must not flatten the curve. */
function rangeOf(samples) {
  if (samples.length === 0) return [0, 1];
  let least = Infinity, most = -Infinity;
  for (const { value } of samples) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const room = Math.max((most - least) * 0.25, Math.abs(most) * 0.02, 0.01);
  return [least - room, most + room];
}

/** Times of the axis, each new day with its date; seconds where ticks are closer than a minute. */
function timesOf(plot, ticks, axis, space, step) {
  let last = "";
  return ticks.map(seconds => {
    const milliseconds = seconds * 1000;
    const date = day(milliseconds);
    const time = step < 60 ? timeOfDay(milliseconds) : hourAndMinute(milliseconds);
    const words = date === last ? time : `${time}\n${date}`;
    last = date;
    return words;
  });
}

function fit(chart) {
  chart.plot.setSize({ width: chart.box.clientWidth, height: 170 });
}
