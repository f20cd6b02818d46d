// What each curve is, in words and numbers: at the cursor, or over the whole range.

import { arrange, byId, make, text } from "../page.js";
import { number, say } from "../words.js";

const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 5 });
const keys = ["value", "least", "most", "samples", "quality"];
const rows = new Map(); // name → { row, swatch, title, cells, close }: a button with the focus stays what it is

/** @param drawn { name, title, unit, colour, curve } each */
export function showLegend(drawn, range, instant, remove) {
  byId("legend").hidden = drawn.length === 0;
  text(byId("value-word"), say(instant === null ? "mean" : "value"));
  for (const name of rows.keys()) if (!drawn.some(one => one.name === name)) rows.delete(name);
  arrange(byId("legend-rows"), drawn.map(one => {
    const { row, swatch, title, cells, close } = rowOf(one.name, remove);
    const said = one.curve ? saidOf(one, range, instant) : {};
    swatch.style.background = one.colour;
    text(title, one.title);
    close.title = close.ariaLabel = `${say("remove")}: ${one.name}`;
    for (const key of keys) {
      text(cells[key], said[key] ?? "–");
      cells[key].dataset.label = say(key);
    }
    cells.quality.className = said.isBad ? "bad" : "quality";
    return row;
  }));
}

/** The same in a sentence, for who does not see the cursor. */
export const sentenceOf = (drawn, range, instant) => drawn.filter(one => one.curve)
  .map(one => `${one.name}: ${saidOf(one, range, instant).value ?? "–"}`).join(", ");

function rowOf(name, remove) {
  if (rows.has(name)) return rows.get(name);
  const swatch = make("span", "swatch");
  const title = make("td", "signal");
  const close = make("button", "", "✕");
  close.onclick = () => remove(name);
  const cells = Object.fromEntries(keys.map(key => [key, make("td", key)]));
  const row = make("tr", "", make("td", "", swatch), title, ...Object.values(cells), make("td", "", close));
  rows.set(name, { row, swatch, title, cells, close });
  return rows.get(name);
}

function saidOf({ curve, unit }, { from, to }, instant) {
  const points = instant === null ? curve.points : pointAt(curve, instant, (to - from) / 50);
  const count = points.reduce((sum, point) => sum + point.count, 0);
  if (count === 0) return { samples: "0" };
  const bad = points.reduce((sum, point) => sum + point.bad, 0);
  const value = points.reduce((sum, point) => sum + point.value * point.count, 0) / count;
  const quantity = one => `${digits.format(one)} ${unit}`;
  return {
    value: quantity(value),
    least: quantity(points.reduce((least, point) => Math.min(least, point.least), Infinity)),
    most: quantity(points.reduce((most, point) => Math.max(most, point.most), -Infinity)),
    samples: number.format(count),
    quality: bad > 0 ? say("badOf", number.format(bad)) : say("good"),
    isBad: bad > 0,
  };
}

/** The window that holds the instant, or the sample nearest to it; none when it is farther off than a hand aims. */
function pointAt(curve, instant, reach) {
  const half = curve.width * 500;
  let best = null, distance = curve.width > 0 ? half : reach;
  for (const point of curve.points) {
    const away = Math.abs(point.time + half - instant);
    if (away <= distance) [best, distance] = [point, away];
  }
  return best ? [best] : [];
}
