// Which signals and which time: what the address of the page says, and how it changes. Knows no page.

import { serverNow } from "../page.js";
import { isZone, kindOf, periodAt } from "./zones.js";

export const siteZone = "Asia/Ulaanbaatar"; // where the mine is
export const zones = [siteZone, "Asia/Seoul", "UTC"];
export const signalsMax = 12; // more curves than that nobody tells apart

const spanMin = 1_000; // milliseconds
const spanMax = 50 * 366 * 86_400_000;
const usualSeconds = 86_400;

/** Signals, zone, and a range: the last so many seconds (`last`), or from one instant to another. */
export const view = { signals: [], zone: siteZone, last: usualSeconds, from: 0, to: 0 };

/** Reads the address; what it does not say, or says wrongly, is as usual. */
export function readAddress(search) {
  const said = new URLSearchParams(search);
  const zone = said.get("zone");
  const from = Date.parse(said.get("from")), to = Date.parse(said.get("to"));
  const last = Number(said.get("last"));
  view.signals = [...new Set(said.getAll("signal"))].slice(0, signalsMax);
  view.zone = zone && isZone(zone) ? zone : siteZone;
  if (from < to) show(from, to);
  else follow(last > 0 ? last : usualSeconds);
}

/** The same as an address that shows this to somebody else. */
export function addressOf() {
  const said = new URLSearchParams(view.signals.map(name => ["signal", name]));
  if (view.last) said.set("last", view.last);
  else for (const end of ["from", "to"]) said.set(end, new Date(view[end]).toISOString());
  said.set("zone", view.zone);
  return `?${said}`;
}

/** The last seconds up to now, and on. */
export function follow(seconds) {
  view.last = Math.min(seconds, spanMax / 1000);
  move();
}

/** Brings a range that ends now up to now, with what came in this second. */
export function move() {
  if (!view.last) return;
  view.to = Math.ceil(serverNow() / 1000) * 1000;
  view.from = view.to - view.last * 1000;
}

/** A range that stays. */
export function show(from, to) {
  view.last = 0;
  const span = Math.min(Math.max(to - from, spanMin), spanMax);
  const middle = (from + to) / 2;
  view.from = Math.round(middle - span / 2);
  view.to = Math.round(middle + span / 2);
}

/** The period of the place's calendar that holds the last instant shown. */
export function showPeriod(kind) {
  const { from, to } = periodAt(kind, view.zone, view.to - 1);
  show(from, to);
}

/** The range before or after: of a day the next day, also where it has 23 hours. */
export function step(count) {
  const kind = kindOf(view.zone, view);
  const span = view.to - view.from;
  const { from, to } = kind ? periodAt(kind, view.zone, view.from, count)
    : { from: view.from + count * span, to: view.to + count * span };
  show(from, to);
}

/** Shows less (factor below 1) or more around an instant, which stays where it is. */
export function zoom(factor, around = (view.from + view.to) / 2) {
  const span = view.to - view.from;
  const wanted = Math.min(Math.max(span * factor, spanMin), spanMax);
  const from = around - (around - view.from) * (wanted / span);
  show(from, from + wanted);
}
