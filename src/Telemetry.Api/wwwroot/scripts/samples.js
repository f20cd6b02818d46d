// Samples of a chart: in order of event time, whatever the order in which they came. Knows no page.

const gapFactor = 3; // times the usual interval
const gapSecondsMin = 5; // gateways send in bursts; a pause shorter than this is no outage
const intervalsMax = 1_000; // the newest are enough to know what is usual

/** Adds a sample where it belongs; one with the same time is replaced. */
export function insert(samples, time, value) {
  let index = samples.length;
  while (index > 0 && samples[index - 1].time > time) index--; // from the end: nearly all samples are the newest
  const isReplaced = index > 0 && samples[index - 1].time === time;
  samples.splice(isReplaced ? index - 1 : index, isReplaced ? 1 : 0, { time, value });
}

/** Two lists as one in order; of samples with the same time the one of the second list stays. */
export function merge(first, second) {
  const byTime = new Map([...first, ...second].map(sample => [sample.time, sample]));
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

/** Removes what is older than the window. */
export function forget(samples, oldest) {
  let count = 0;
  while (count < samples.length && samples[count].time < oldest) count++;
  samples.splice(0, count);
}

/**
 * Columns for a plot that ends at a time: a null breaks the line where samples are missing, and one at the end lets
 * the limits reach it. Samples between two breaks have no line and are told by their index.
 */
export function columnsOf(samples, end) {
  const gap = gapOf(samples);
  const times = [], values = [], lonely = [];
  samples.forEach(({ time, value }, index) => {
    const isBroken = index > 0 && time - samples[index - 1].time > gap;
    if (isBroken) add(times, values, (time + samples[index - 1].time) / 2, null);
    const isLast = index === samples.length - 1 || samples[index + 1].time - time > gap;
    if ((index === 0 || isBroken) && isLast) lonely.push(times.length);
    add(times, values, time, value);
  });
  if (times.length === 0 || times.at(-1) < end) add(times, values, end, null);
  return { times, values, lonely };
}

function add(times, values, time, value) {
  times.push(time);
  values.push(value);
}

/** The longest interval over which a line is drawn; too few samples say nothing about what is usual. */
function gapOf(samples) {
  const intervals = [];
  for (let index = samples.length - 1; index > 0 && intervals.length < intervalsMax; index--) {
    intervals.push(samples[index].time - samples[index - 1].time);
  }
  if (intervals.length < 3) return Infinity;
  intervals.sort((a, b) => a - b);
  return Math.max(gapFactor * intervals[Math.floor(intervals.length / 2)], gapSecondsMin);
}
