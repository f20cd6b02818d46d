// What can be plotted: signals of the site, and series and fields of the store that are not bound to one.

import { ask, byId } from "./page.js";
import { site } from "./site.js";
import { named } from "./words.js";

const seriesMax = 500; // a longer list to choose from helps nobody; typing a name works beyond it
const askAgainMilliseconds = 10_000;
const unbound = new Map(); // name as the feed says it → series and field
let askedAt = -Infinity;

export const find = name => site.signals.get(name) ?? unbound.get(name);
export const names = () => [...site.signals.keys(), ...unbound.keys()];

/** Asks the store for its series; again when a new one may have come meanwhile, or when a name is not known. */
export async function loadNames(isMissed = false) {
  if (!isMissed && performance.now() - askedAt < askAgainMilliseconds) return;
  askedAt = performance.now();
  const [keys] = await ask(`SHOW SERIES LIMIT ${seriesMax}`);
  const measurements = await ask("SHOW FIELD KEYS");
  unbound.clear();
  for (const [key] of keys?.values ?? []) {
    const { measurement, tags } = parse(key);
    for (const [field, type] of measurements.find(one => one.name === measurement)?.values ?? []) {
      const isBound = site.signals.get(`${tags.asset}.${field}`)?.measurement === measurement;
      if (type !== "string" && !isBound) unbound.set(`${key} ${field}`, { measurement, tags, field, type });
    }
  }
  byId("signals")?.replaceChildren(...names().map(name => new Option("", name)));
}

/** A series key of line protocol: measurement,tag=value,… with a backslash before a comma, space or = of a name. */
function parse(key) {
  const parts = key.match(/(?:\\.|[^,\\])+/g);
  const plain = word => word.replace(/\\(.)/g, "$1");
  const tags = {};
  for (const part of parts.slice(1)) {
    const [, tag, value] = part.match(/^((?:\\.|[^=\\])+)=(.*)$/s);
    tags[plain(tag)] = plain(value);
  }
  return { measurement: plain(parts[0]), tags };
}

/** The title of its plot. */
export function titleOf(name) {
  const signal = find(name);
  return signal?.label ? `${name} – ${named(signal.name)}: ${signal.label} (${signal.unit})` : name;
}

/** A name as InfluxQL has it. */
export const quoted = name => `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const literal = value => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Whose it is: a signal is kept as measurement = equipment type, tag asset, field = signal key. */
export function conditionOf(name) {
  const { asset, tags } = find(name);
  return Object.entries(tags ?? { asset }).map(([tag, value]) => `${quoted(tag)} = ${literal(value)}`).join(" AND ")
    || "time >= 0"; // a series without tags
}

export function statementFor(name, where) {
  const { measurement, field } = find(name);
  const conditions = `${conditionOf(name)} AND ${where}`;
  return `SELECT ${quoted(field)} FROM ${quoted(measurement)} WHERE ${conditions} GROUP BY *`;
}

/** A series with more tags than the one that is meant is not it. */
export function isMeant(name, series) {
  const { tags } = find(name);
  return !tags || Object.keys(series.tags ?? {}).every(tag => tag in tags || series.tags[tag] === "");
}

/** Samples of a signal since a time. */
export async function samplesSince(name, seconds) {
  const series = await ask(statementFor(name, `time > now() - ${seconds}s`));
  return series.filter(one => isMeant(name, one)).flatMap(one => one.values)
    .filter(([, value]) => value !== null)
    .map(([time, value]) => ({ time: time / 1000, value: Number(value) }));
}
