// Is the mine alive: the badge, the tiles and the gateways.

import { byId, getJson, make, reopenFeeds, serverNow, setServerTime, text } from "./page.js";
import { loadSite, site } from "./site.js";
import { ago, chosen, moment, named, number, say, span } from "./words.js";

const staleMilliseconds = 60_000;
const answerMilliseconds = 5_000; // a link that is down may never say so
let last = null; // the answer before
let isLost = false; // the last question had no answer

export async function refreshStatus() {
  try {
    const status = await getJson("/api/status", { signal: AbortSignal.timeout(answerMilliseconds) });
    setServerTime(status.timeMilliseconds);
    const isRestarted = last !== null && ["messages", "points", "samples"].some(key => status[key] < last[key]);
    if (isLost || isRestarted) {
      await loadSite();
      reopenFeeds();
    }
    isLost = false;
    showRates(status, isRestarted);
    last = status;
    showStatus();
  } catch (error) {
    isLost = true;
    showPulse("bad", `${say("noAnswer")} (${error.message})`);
  }
}

/** How many messages wait in quarantine; null before the first answer. */
export const unresolved = () => last?.quarantined ?? null;

/** Counters are since the service's start: when they go back it was restarted, and rates begin at 0 again. */
function showRates(status, isRestarted) {
  const seconds = last ? (status.timeMilliseconds - last.timeMilliseconds) / 1000 : 0;
  for (const key of ["messages", "points"]) {
    const rate = isRestarted ? 0 : seconds > 0 ? (status[key] - last[key]) / seconds : null;
    text(byId(`rate-${key}`), rate === null ? "–" : number.format(rate));
  }
}

function showPulse(kind, words) {
  byId("pulse").className = `badge ${kind}`;
  text(byId("pulse"), words);
}

/** What stands in the last answer, in the language chosen now. */
export function showStatus() {
  if (!last) return;
  const isGood = last.health === "pass";
  showPulse(isGood ? "good" : "bad", isGood ? say("alive") : last.healthMessage);
  const counted = last.gateways.filter(gateway => isExpected(gateway) || gateway.lastSeenMilliseconds > 0);
  const alive = counted.filter(gateway => serverNow() - gateway.lastSeenMilliseconds < staleMilliseconds);
  text(byId("gateways-alive"), `${alive.length} / ${counted.length}`);
  text(byId("alarms-unacknowledged"), last.alarmsUnacknowledged);
  text(byId("quarantined"), number.format(last.quarantined));
  text(byId("pending"), number.format(last.pendingBytes));
  text(byId("spool-left"), last.spool.hoursLeft === null ? "–" : span(last.spool.hoursLeft * 3600));
  showLanes(last.lanes.filter(lane => lane.droppedMessages > 0));
  byId("gateway-rows").replaceChildren(...last.gateways.map(rowOf));
}

/** Which lanes of the site gave way for want of room, since the service started. */
function showLanes(lanes) {
  byId("lanes").hidden = lanes.length === 0;
  text(byId("lanes"), lanes.map(lane => say(
    "laneGivesWay", lane.name, number.format(lane.droppedMessages), ago(lane.lastDropMilliseconds, serverNow()))).join(" "));
}

/** A gateway that the site file does not name is expected because it was heard. */
const isExpected = gateway => site.gateways.get(gateway.key)?.expected ?? true;

function rowOf(gateway) {
  const [look, seen] = lastSeenOf(gateway);
  const check = make("a", "", gateway.key);
  check.href = `check.html?${new URLSearchParams({ gateway: gateway.key, lang: chosen() })}`;
  const row = make("tr", look, make("td", "name", check, " ", make("small", "", named(gateway.name))));
  const cells = { lastSeen: seen };
  for (const key of ["messages", "points", "refused", "quarantined"]) cells[key] = number.format(gateway[key]);
  cells.clock = clockOf(gateway.clock);
  for (const [key, value] of Object.entries(cells)) {
    row.append(make("td", key, value));
    row.lastElementChild.dataset.label = say(key);
  }
  return row;
}

/** How wrong its clock is; what is stored is corrected unless the site file says otherwise. */
function clockOf(clock) {
  if (!clock || clock.state === "unknown") return say("clockUnknown");
  if (clock.state === "reset" || clock.state === "jumped") return say(`clock-${clock.state}`);
  const words = clock.state === "good" ? "clock-good" : clock.skewSeconds > 0 ? "clock-ahead" : "clock-behind";
  return say(clock.isCorrected || clock.state === "good" ? words : `${words}-kept`, span(Math.abs(clock.skewSeconds)));
}

function lastSeenOf(gateway) {
  const seen = gateway.lastSeenMilliseconds;
  if (seen > 0) return [serverNow() - seen > staleMilliseconds ? "stale" : "", ago(seen, serverNow())];
  if (!isExpected(gateway)) return ["unknown", say("notExpected")];
  // The service forgets at a restart when it last heard a gateway, so silence before it is not known.
  return ["unknown", say("notSinceRestart", moment(site.startedMilliseconds, serverNow()))];
}
