// What is worth a look and calls nobody: the latest unusual values, each with its curve. Not shown where there are none.

import { byId, getJson, make, serverNow } from "./page.js";
import { site } from "./site.js";
import { judging } from "./verdicts.js";
import { moment, quantity, say } from "./words.js";

const shown = 12;
const refreshMilliseconds = 30_000; // nobody waits for them
const aroundMilliseconds = 12 * 3_600_000; // of the time it was noticed

let notices = []; // newest first
let askedAt = 0;

export async function refreshNotices() {
  if (serverNow() - askedAt < refreshMilliseconds) return;
  try {
    notices = await getJson(`/api/notices?limit=${shown}`);
    askedAt = serverNow();
    showNotices();
  } catch {
    // That the service does not answer is said at the top.
  }
}

/** What stands in the last answer, in the language chosen now. */
export function showNotices() {
  byId("notices").hidden = notices.length === 0;
  byId("notice-rows").replaceChildren(...notices.map(rowOf));
}

function rowOf(notice) {
  const cells = {
    asset: [curveOf(notice), make("small", "", say(`class-${notice.class}`))],
    what: [notice.why],
    value: [quantity(notice.value, notice.unit), make("small", "", quantity(notice.limit, notice.unit))],
    since: [moment(notice.timeMilliseconds, serverNow())],
    act: [judging(notice.signal, notice.timeMilliseconds, { finding: notice.finding })],
  };
  const row = make("tr");
  row.append(...Object.entries(cells).map(([key, content]) => make("td", key, ...content)));
  return row;
}

function curveOf(notice) {
  const link = make("a", "", notice.signal);
  const [from, to] = [-1, 1].map(side => new Date(notice.timeMilliseconds + side * aroundMilliseconds).toISOString());
  const signals = curvesOf(notice).map(name => ["signal", name]);
  link.href = `explore.html?${new URLSearchParams([...signals, ["from", from], ["to", to]])}`;
  return link;
}

/** What it is told of; of relations, which have no curve of their own, the signals that its reason names. */
function curvesOf({ signal, why }) {
  const words = new Set(why.split(" "));
  const named = [...site.signals.keys()].filter(name => words.has(name));
  return site.signals.has(signal) || named.length === 0 ? [signal] : named;
}
