// What is drawn of a signal in a range: its samples while they are few, otherwise windows with mean, least and greatest
// value, of a width that suits the pixels, so that the store answers from its roll-ups.

import { ask } from "../page.js";
import { conditionOf, find, isMeant, quoted } from "../signals.js";

const goodQuality = 192; // OPC: from here on good
const pixelsPerWindow = 1.5;
const samplesPerPixelMax = 1.5; // so many are drawn each by itself
const day = 86_400;
const widths = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
  day, 2 * day, 7 * day, 28 * day,
]; // seconds; from 10 on multiples of the widths of roll-ups

/** The narrowest width, in seconds, with which a range has no more windows than the pixels can show. */
export const widthFor = (span, pixels) =>
  widths.find(width => span / 1000 / width <= pixels / pixelsPerWindow) ?? widths.at(-1);

/** The statement for windows of a range. */
export function windowsOf(name, { from, to, zone }, width) {
  const value = quoted(find(name).field);
  const columns = ["mean", "min", "max", "count", "good_share"].map(call => `${call}(${value})`).join(", ");
  return select(name, columns, from, to) + perWindow(name, width, zone);
}

/** The statement for the samples of a range, each with its quality. */
export function samplesOf(name, { from, to }) {
  const value = quoted(find(name).field);
  const groupBy = find(name).tags ? " GROUP BY *" : "";
  return `${select(name, `${value}, quality(${value})`, from, to)}${groupBy}`;
}

function select(name, columns, from, to) {
  const range = `time >= '${new Date(from).toISOString()}' AND time < '${new Date(to).toISOString()}'`;
  return `SELECT ${columns} FROM ${quoted(find(name).measurement)} WHERE ${conditionOf(name)} AND ${range}`;
}

/** Windows of whole days are those of the place. */
function perWindow(name, width, zone) {
  const series = find(name).tags ? "*, " : "";
  const place = width >= day && zone !== "UTC" ? ` tz('${zone}')` : "";
  return ` GROUP BY ${series}time(${width}s) fill(none)${place}`;
}

/**
 * Asks for the curve of a signal: `points` in order of time, each { time, value, least, most, count, bad }; `width` of
 * the windows in seconds, 0 for samples; `statement`.
 */
export async function curveOf(name, range, pixels, signal) {
  if (find(name).type === "boolean") return samples(name, range, signal);
  const width = widthFor(range.to - range.from, pixels);
  const statement = windowsOf(name, range, width);
  const rows = await rowsOf(name, statement, signal);
  const points = rows.map(([time, value, least, most, count, goodShare]) =>
    ({ time, value, least, most, count, bad: Math.round(count * (1 - goodShare)) }));
  const total = points.reduce((sum, point) => sum + point.count, 0);
  if (total <= samplesPerPixelMax * pixels) return samples(name, range, signal);
  return { points, width, total, statement };
}

async function samples(name, range, signal) {
  const statement = samplesOf(name, range);
  const rows = await rowsOf(name, statement, signal);
  const points = rows.filter(([, value]) => value !== null).map(([time, value, quality]) => {
    const number = Number(value);
    return { time, value: number, least: number, most: number, count: 1, bad: quality < goodQuality ? 1 : 0, quality };
  });
  return { points, width: 0, total: points.length, statement };
}

async function rowsOf(name, statement, signal) {
  const series = await ask(statement, { signal });
  return series.filter(one => isMeant(name, one)).flatMap(one => one.values);
}

/** When the newest sample of a signal is from, in milliseconds; undefined when there is none at all. */
export async function newestOf(name) {
  const { measurement, field } = find(name);
  const [series] = await ask(`SELECT last(${quoted(field)}) FROM ${quoted(measurement)} WHERE ${conditionOf(name)}`);
  return series?.values[0][0];
}

// --- Gaps --------------------------------------------------------------------------------------------------------

const gapFactor = 3; // times the usual interval of samples
const windowsPerGap = 1.5; // times the usual interval of windows: one empty one is a gap already
const gapMillisecondsMin = 5_000; // gateways send in bursts; a pause shorter than this is no outage

/** The longest interval over which a line is drawn, in milliseconds. */
export function gapOf({ points, width }) {
  const intervals = points.slice(1).map((point, index) => point.time - points[index].time).sort((a, b) => a - b);
  if (intervals.length < 3) return Infinity;
  const usual = intervals[Math.floor(intervals.length / 2)];
  return width > 0 ? windowsPerGap * usual : Math.max(gapFactor * usual, gapMillisecondsMin);
}

/** The runs of points between gaps. */
export function runsOf(curve) {
  const gap = gapOf(curve);
  const runs = [];
  curve.points.forEach((point, index) => {
    if (index === 0 || point.time - curve.points[index - 1].time > gap) runs.push([]);
    runs.at(-1).push(point);
  });
  return runs;
}
