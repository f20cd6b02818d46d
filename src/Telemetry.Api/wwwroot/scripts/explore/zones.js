// Clocks of a place: instants as its people read them, its days, shifts, weeks, months and years, and ticks of a time
// axis. Knows no page. A local time is written as the milliseconds that a clock in UTC with these hands would have.

const second = 1_000, minute = 60 * second, hour = 60 * minute, dayLong = 24 * hour;
const shiftHours = [8, 20]; // shifts begin at these hours of the place
const formats = new Map();

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone, instant) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }));
  }
  const hands = {};
  for (const { type, value } of formats.get(zone).formatToParts(instant)) hands[type] = Number(value);
  const local = Date.UTC(hands.year, hands.month - 1, hands.day, hands.hour, hands.minute, hands.second);
  return local - Math.floor(instant / second) * second;
}

/** What a clock there shows; to be read with getUTC…. */
export const localOf = (zone, instant) => new Date(instant + offsetAt(zone, instant));

/** When a clock there shows a local time: of an hour that comes twice the first, of one left out as much later. */
export function instantOf(zone, local) {
  const before = local - offsetAt(zone, local - dayLong);
  return localOf(zone, before).getTime() === local ? before : local - offsetAt(zone, local + dayLong);
}

/** True when the browser knows a zone of this name. */
export function isZone(zone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: zone }));
  } catch {
    return false;
  }
}

/** A zone by its name and its distance from UTC at an instant: Asia/Seoul (UTC+9). */
export function zoneName(zone, instant) {
  const minutes = Math.round(offsetAt(zone, instant) / minute);
  if (zone === "UTC") return zone;
  const rest = Math.abs(minutes) % 60;
  const hours = `${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}`;
  return `${zone} (UTC${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""})`;
}

// --- Periods -----------------------------------------------------------------------------------------------------

/** Beginnings, by local time: of the period that holds it, and of the one so many later. */
const periods = {
  hour: local => steps => new Date(Math.floor(local / hour) * hour + steps * hour),
  shift: local => steps => shift(local, steps),
  day: local => steps => date(local, { days: steps }),
  week: local => steps => date(local, { days: steps * 7 - (local.getUTCDay() + 6) % 7 }),
  month: local => steps => new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + steps)),
  year: local => steps => new Date(Date.UTC(local.getUTCFullYear() + steps, 0)),
};

const date = (local, { days }) =>
  new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + days));

/** Shifts are counted from the first of the local day; before it the last of the day before still runs. */
function shift(local, steps) {
  const running = shiftHours.filter(begins => begins <= local.getUTCHours()).length - 1 + steps;
  const days = Math.floor(running / shiftHours.length);
  return new Date(date(local, { days }).getTime() + shiftHours[running - days * shiftHours.length] * hour);
}

/** The hour, shift, day, week (from Monday), month or year of a place that holds an instant, and its neighbours. */
export function periodAt(kind, zone, instant, steps = 0) {
  const begin = periods[kind](localOf(zone, instant));
  return { from: instantOf(zone, begin(steps).getTime()), to: instantOf(zone, begin(steps + 1).getTime()) };
}

/** Which period of a place a range is exactly; undefined when it is none. */
export const kindOf = (zone, { from, to }) => Object.keys(periods).find(kind => {
  const period = periodAt(kind, zone, from);
  return period.from === from && period.to === to;
});

// --- Texts -------------------------------------------------------------------------------------------------------

/** A local time as ISO 8601 has it, which is read alike in all languages: 2026-01-31 08:00:00. */
export const iso = (zone, instant, length = 19) =>
  localOf(zone, instant).toISOString().slice(0, length).replace("T", " ");

// --- Ticks -------------------------------------------------------------------------------------------------------

const even = [1, 2, 5, 10, 15, 30].map(n => n * second)
  .concat([1, 2, 5, 10, 15, 30].map(n => n * minute), [1, 2, 3, 6, 12].map(n => n * hour));
const uneven = [
  { every: dayLong, kind: "day", count: 1 }, { every: 2 * dayLong, kind: "day", count: 2 },
  { every: 7 * dayLong, kind: "week", count: 1 }, { every: 14 * dayLong, kind: "week", count: 2 },
  { every: 31 * dayLong, kind: "month", count: 1 }, { every: 92 * dayLong, kind: "month", count: 3 },
  { every: 183 * dayLong, kind: "month", count: 6 }, { every: 366 * dayLong, kind: "year", count: 1 },
  { every: 1_830 * dayLong, kind: "year", count: 5 }, { every: 3_660 * dayLong, kind: "year", count: 10 },
];

/** Round times of a place within a range, at most so many: the instant, its label, and what is above it. */
export function ticksOf(zone, { from, to }, countMax) {
  const shortest = (to - from) / Math.max(countMax, 1);
  const step = even.find(one => one >= shortest);
  return step ? evenTicks(zone, from, to, step) : unevenTicks(zone, from, to, shortest);
}

function evenTicks(zone, from, to, step) {
  const ticks = [];
  let local = Math.ceil(localOf(zone, from) / step) * step;
  for (; local <= localOf(zone, to); local += step) {
    const text = new Date(local).toISOString();
    const label = text.slice(11, step < minute ? 19 : 16);
    ticks.push({ instant: instantOf(zone, local), label, above: text.slice(0, 10) });
  }
  return ticks;
}

function unevenTicks(zone, from, to, shortest) {
  const { kind, count } = uneven.find(one => one.every >= shortest) ?? uneven.at(-1);
  const ticks = [];
  for (let period = periodAt(kind, zone, from); period.from <= to; period = periodAt(kind, zone, period.to)) {
    const local = localOf(zone, period.from);
    if (period.from < from || ordinalOf(kind, local) % count !== 0) continue;
    const text = local.toISOString();
    if (kind === "year") ticks.push({ instant: period.from, label: text.slice(0, 4), above: "" });
    else if (kind === "month") ticks.push({ instant: period.from, label: text.slice(0, 7), above: "" });
    else ticks.push({ instant: period.from, label: text.slice(5, 10), above: text.slice(0, 4) });
  }
  return ticks;
}

function ordinalOf(kind, local) {
  if (kind === "year") return local.getUTCFullYear();
  if (kind === "month") return local.getUTCMonth();
  return Math.floor(local / dayLong / (kind === "week" ? 7 : 1));
}
