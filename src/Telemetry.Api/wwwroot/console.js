"use strict";
// The console: three live views (status, alarms, plots) over the service's own HTTP interface. No build step.

const byId = id => document.getElementById(id);
const text = (element, value) => { element.textContent = value; return element; };
const cell = (row, value) => text(row.appendChild(document.createElement("td")), value);
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const remembered = (key, initial) => JSON.parse(localStorage.getItem(key) ?? JSON.stringify(initial));
const remember = (key, value) => localStorage.setItem(key, JSON.stringify(value));

let signals = new Map();
let language = remembered("language", "en");

/** Age in words, as people say it. */
function ago(milliseconds) {
  const seconds = Math.max(0, (Date.now() - milliseconds) / 1000);
  if (seconds < 5) return "just now";
  if (seconds < 120) return `${Math.round(seconds)} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

async function getJson(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  return answer.json();
}

// --- Is the mine alive -------------------------------------------------------------------------------------------

let lastStatus = null;

async function refreshStatus() {
  try {
    const status = await getJson("/api/status");
    const seconds = lastStatus ? (status.timeMilliseconds - lastStatus.timeMilliseconds) / 1000 : 0;
    const rate = key => seconds > 0 ? number.format((status[key] - lastStatus[key]) / seconds) : "–";
    text(byId("rate-messages"), rate("messages"));
    text(byId("rate-points"), rate("points"));
    const alive = status.gateways.filter(gateway => Date.now() - gateway.lastSeenMilliseconds < 60000).length;
    text(byId("gateways-alive"), `${alive} / ${status.gateways.length}`);
    text(byId("alarms-unacknowledged"), status.alarmsUnacknowledged);
    text(byId("quarantined"), number.format(status.quarantined));
    text(byId("pending"), number.format(status.pendingBytes));
    showPulse(status.health === "pass" ? "good" : "bad", status.health === "pass" ? "alive" : status.healthMessage);
    showGateways(status.gateways);
    lastStatus = status;
  } catch (error) {
    showPulse("bad", `service does not answer (${error.message})`);
  }
}

function showPulse(kind, words) {
  byId("pulse").className = `badge ${kind}`;
  text(byId("pulse"), words);
}

function showGateways(gateways) {
  const rows = byId("gateway-rows");
  rows.replaceChildren();
  for (const gateway of gateways) {
    const row = rows.appendChild(document.createElement("tr"));
    const isStale = Date.now() - gateway.lastSeenMilliseconds > 60000;
    row.className = isStale ? "stale" : "";
    const name = cell(row, gateway.key);
    if (gateway.name) {
      name.append(" ", text(document.createElement("small"), gateway.name[language] || gateway.name.en));
    }
    cell(row, gateway.lastSeenMilliseconds ? ago(gateway.lastSeenMilliseconds) : "never");
    for (const key of ["messages", "points", "refused", "quarantined"]) cell(row, number.format(gateway[key]));
  }
}

// --- Alarms ------------------------------------------------------------------------------------------------------

const alarms = new Map();
const rank = { high: 0, medium: 1, low: 2 };

function showAlarms() {
  const rows = byId("alarm-rows");
  rows.replaceChildren();
  const standing = [...alarms.values()].filter(alarm => alarm.state !== "normal");
  standing.sort((a, b) => rank[a.priority] - rank[b.priority] || b.sinceMilliseconds - a.sinceMilliseconds);
  byId("no-alarms").hidden = standing.length > 0;
  for (const alarm of standing) {
    const row = rows.appendChild(document.createElement("tr"));
    row.className = `${alarm.priority} ${alarm.needsAcknowledge ? "unacknowledged" : ""}`;
    cell(row, alarm.state);
    cell(row, new Date(alarm.sinceMilliseconds).toLocaleTimeString());
    const name = cell(row, alarm.id);
    const words = alarm.asset?.[language] || alarm.asset?.en || "";
    name.append(document.createElement("br"), text(document.createElement("small"), `${words} ${alarm.text}`));
    cell(row, `${number.format(alarm.value)} ${alarm.unit}`);
    cell(row, `${number.format(alarm.limit)} ${alarm.limitUnit}`);
    const act = row.appendChild(document.createElement("td"));
    if (alarm.needsAcknowledge) {
      const button = text(act.appendChild(document.createElement("button")), "Acknowledge");
      button.onclick = () => acknowledge(alarm.id);
    }
  }
}

async function acknowledge(id) {
  const operator = byId("operator").value.trim();
  if (!operator) { byId("operator").focus(); return; }
  remember("operator", operator);
  const answer = await fetch("/alarms/acknowledge", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id, operator, comment: "" }),
  });
  if (!answer.ok) alert((await answer.json()).error);
}

function followAlarms() {
  const feed = new EventSource("/alarms/feed");
  feed.addEventListener("board", event => {
    alarms.clear();
    for (const alarm of JSON.parse(event.data)) alarms.set(alarm.id, alarm);
    showAlarms();
  });
  feed.addEventListener("alarm", event => {
    const alarm = JSON.parse(event.data);
    alarms.set(alarm.id, alarm);
    showAlarms();
  });
}

// --- Live plots --------------------------------------------------------------------------------------------------

const charts = new Map();
let pointFeed = null;

/** A signal as the store keeps it: measurement = equipment type, tag asset, field = signal key. */
function statementFor(signal, where) {
  const field = signal.field.replaceAll('"', '\\"');
  return `SELECT "${field}" FROM "${signal.measurement}" WHERE "asset" = '${signal.asset}' AND ${where}`;
}

async function addChart(id) {
  const signal = signals.get(id);
  if (!signal || charts.has(id)) return;
  const box = byId("charts").appendChild(document.createElement("div"));
  box.className = "chart";
  const title = box.appendChild(document.createElement("h3"));
  text(title, `${id} – ${signal.name[language] || signal.name.en}: ${signal.label} (${signal.unit})`);
  const link = title.appendChild(text(document.createElement("a"), "query"));
  link.href = `/query?db=telemetry&pretty=true&q=${encodeURIComponent(statementFor(signal, "time > now() - 15m"))}`;
  const close = text(box.appendChild(document.createElement("button")), "✕");
  close.title = "remove";
  close.onclick = () => removeChart(id);

  const limits = ["lowLow", "low", "high", "highHigh"].map(key => signal.limits[key]).filter(Number.isFinite);
  // A canvas does not know CSS variables: it is given the colours of elements that use them.
  const ink = getComputedStyle(byId("no-alarms")).color;
  const line = getComputedStyle(byId("alarms")).borderTopColor;
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  const plot = new uPlot({
    width: box.clientWidth, height: 170, legend: { show: false },
    axes: [axis, { ...axis, size: 60 }],
    series: [{}, { stroke: "#2f9e8f", width: 1.5, points: { show: false } },
      ...limits.map(() => ({ stroke: "#c62828", width: 1, dash: [4, 4], points: { show: false } }))],
    scales: { y: { range: (_, low, high) => rangeOf(charts.get(id), low, high) } },
  }, [[], [], ...limits.map(() => [])], box);
  const chart = { plot, times: [], values: [], limits, box };
  charts.set(id, chart);
  remember("charts", [...charts.keys()]);
  await loadHistory(id, chart);
  followPoints();
}

/** Limits are drawn where the signal is near them; a far limit must not flatten the curve. */
function rangeOf(chart, low, high) {
  const values = chart?.values ?? [];
  let [least, most] = values.length ? [Math.min(...values), Math.max(...values)] : [low ?? 0, high ?? 1];
  const room = Math.max((most - least) * 0.25, Math.abs(most) * 0.02, 0.01);
  return [least - room, most + room];
}

function removeChart(id) {
  charts.get(id)?.box.remove();
  charts.delete(id);
  remember("charts", [...charts.keys()]);
  followPoints();
}

async function loadHistory(id, chart) {
  const statement = statementFor(signals.get(id), `time > now() - ${byId("window").value}s`);
  const answer = await getJson(`/query?db=telemetry&epoch=ms&q=${encodeURIComponent(statement)}`);
  const rows = answer.results[0]?.series?.[0]?.values ?? [];
  chart.times = rows.map(row => row[0] / 1000);
  chart.values = rows.map(row => row[1]);
  draw(chart);
}

function draw(chart) {
  const oldest = Date.now() / 1000 - Number(byId("window").value);
  while (chart.times.length && chart.times[0] < oldest) { chart.times.shift(); chart.values.shift(); }
  chart.plot.setData([chart.times, chart.values, ...chart.limits.map(limit => chart.times.map(() => limit))]);
}

function followPoints() {
  pointFeed?.close();
  if (charts.size === 0) return;
  pointFeed = new EventSource(`/api/points/feed?signals=${encodeURIComponent([...charts.keys()].join(","))}`);
  pointFeed.onmessage = event => {
    for (const sample of JSON.parse(event.data)) {
      const chart = charts.get(sample.signal);
      if (!chart) continue;
      chart.times.push(sample.timeMilliseconds / 1000);
      chart.values.push(sample.value);
      draw(chart);
    }
  };
}

// --- Start -------------------------------------------------------------------------------------------------------

async function start() {
  byId("language").value = language;
  byId("language").onchange = event => { language = event.target.value; remember("language", language); showAlarms(); };
  byId("operator").value = remembered("operator", "");
  byId("window").onchange = () => charts.forEach((chart, id) => loadHistory(id, chart));
  byId("choose").onsubmit = event => {
    event.preventDefault();
    addChart(byId("signal").value.trim());
    byId("signal").value = "";
  };
  refreshStatus();
  setInterval(refreshStatus, 2000);
  followAlarms();

  const site = await getJson("/api/site");
  text(byId("site"), site.site);
  signals = new Map(site.signals.map(signal => [signal.id, signal]));
  for (const id of signals.keys()) byId("signals").appendChild(document.createElement("option")).value = id;
  const usual = ["CR-201.bearing_de_temp", "CR-201.motor_current", "ML-301.motor_power", "WX-601.air_temp"];
  for (const id of remembered("charts", usual)) await addChart(id);
}

start();
