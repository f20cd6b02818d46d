// The alarm list: which alarms stand, which of them are shown and in what order, and acknowledging them.

import { rowOf, rowOfGroup } from "./alarm-rows.js";
import { post, sign, signature, startOperator, tell } from "./operator.js";
import { arrange, byId, listen, text } from "./page.js";
import { site } from "./site.js";
import { named, say } from "./words.js";

const alarms = new Map();
const expanded = new Set(); // groups whose alarms are shown
const rank = { high: 0, medium: 1, low: 2 };
const showDelayMilliseconds = 50; // an outage brings a hundred events at once: they are shown once

let pendingShow = 0;
let isBusy = false; // acknowledging several

export function startAlarms() {
  startOperator();
  for (const id of ["alarm-search", "alarm-area", "alarm-kind"]) byId(id).oninput = showAlarms;
  byId("acknowledge-all").onclick = () => acknowledgeMany(shown().filter(alarm => alarm.needsAcknowledge));
  listen("/alarms/feed", { board: takeBoard, alarm: takeChange });
}

function takeBoard(board) {
  alarms.clear();
  for (const alarm of board) alarms.set(alarm.id, alarm);
  showSoon();
}

function takeChange(alarm) {
  // A transition between the subscription and the board comes twice, the older one last.
  if (!(alarms.get(alarm.id)?.sequence > alarm.sequence)) alarms.set(alarm.id, alarm);
  showSoon();
}

function showSoon() {
  pendingShow ||= setTimeout(showAlarms, showDelayMilliseconds);
}

// --- What is shown -----------------------------------------------------------------------------------------------

export const kindOf = alarm => alarm.id.slice(alarm.id.lastIndexOf("/") + 1);
const standing = () => [...alarms.values()].filter(alarm => alarm.state !== "normal");

/**
 * The worse alarm on the same signal that stands before this one, if it is present: HH before H, LL before L. The
 * feed tells "covered" only with an alarm's own transitions, so the page derives it from the worse one.
 */
export function coverOf(alarm) {
  const kind = kindOf(alarm);
  if (kind !== "H" && kind !== "L") return null;
  const worse = alarms.get(alarm.id + kind);
  return worse && (worse.state === "unacknowledged" || worse.state === "acknowledged") ? kind + kind : null;
}

function shown() {
  const words = byId("alarm-search").value.trim().toLowerCase();
  const area = byId("alarm-area").value;
  const kind = byId("alarm-kind").value;
  return standing().filter(alarm =>
    (!area || alarm.area === area)
    && (!kind || kindOf(alarm) === kind)
    && (!words || searched(alarm).toLowerCase().includes(words)));
}

const searched = alarm => [alarm.id, alarm.area, named(alarm.asset), alarm.text, gatewayOf(alarm)].join(" ");
const gatewayOf = alarm => site.signals.get(`${alarm.assetId}.${alarm.signal}`)?.gateway || alarm.assetId;

/** High before low, waiting before acknowledged, calling before covered, new before old. */
function compare(a, b) {
  return rank[a.priority] - rank[b.priority]
    || b.needsAcknowledge - a.needsAcknowledge
    || (coverOf(a) !== null) - (coverOf(b) !== null)
    || b.sinceMilliseconds - a.sinceMilliseconds
    || (a.id < b.id ? -1 : 1);
}

/** A gateway that fails silences all its signals at once: these are one row, by gateway, and open on demand. */
function itemsOf(list) {
  const groups = new Map();
  for (const alarm of list.filter(one => kindOf(one) === "SILENCE")) {
    const gateway = gatewayOf(alarm);
    groups.set(gateway, [...(groups.get(gateway) ?? []), alarm]);
  }
  const placed = new Set();
  const items = [];
  for (const alarm of list) {
    const gateway = gatewayOf(alarm);
    const members = kindOf(alarm) === "SILENCE" ? groups.get(gateway) : [];
    if (members.length < 2) items.push({ alarm });
    else if (!placed.has(gateway)) {
      placed.add(gateway);
      items.push({ gateway, members });
      if (expanded.has(gateway)) items.push(...members.map(member => ({ alarm: member, isMember: true })));
    }
  }
  return items;
}

const acts = {
  acknowledge: alarm => acknowledgeOne(alarm),
  acknowledgeGroup: members => acknowledgeMany(members.filter(alarm => alarm.needsAcknowledge)),
  toggle: gateway => {
    if (!expanded.delete(gateway)) expanded.add(gateway);
    showAlarms();
  },
};

export function showAlarms() {
  clearTimeout(pendingShow);
  pendingShow = 0;
  const all = standing();
  showChoices(all);
  const list = shown().sort(compare);
  arrange(byId("alarm-rows"), itemsOf(list).map(item => item.alarm
    ? rowOf(item.alarm, coverOf(item.alarm), item.isMember, acts)
    : rowOfGroup(item.gateway, item.members, expanded.has(item.gateway), acts)));
  const waiting = list.filter(alarm => alarm.needsAcknowledge).length;
  byId("acknowledge-all").hidden = waiting < 2;
  text(byId("acknowledge-all"), say("acknowledgeAll", waiting));
  byId("alarm-list").hidden = all.length === 0;
  byId("no-alarms").hidden = all.length > 0;
  byId("alarm-count").hidden = list.length === all.length;
  text(byId("alarm-count"), say("shownOf", list.length, all.length));
}

/** Areas and kinds to choose from are those of the standing alarms, and what is chosen. */
function showChoices(all) {
  const areas = new Map(all.map(alarm => [alarm.area, alarm.area]));
  const kinds = new Map(all.map(alarm => [kindOf(alarm), `${kindOf(alarm)} – ${named(alarm.kind)}`]));
  fill(byId("alarm-area"), say("allAreas"), areas);
  fill(byId("alarm-kind"), say("allKinds"), kinds);
}

function fill(select, everything, choices) {
  if (select.value && !choices.has(select.value)) choices.set(select.value, select.value);
  const wanted = [["", everything], ...[...choices].sort()];
  const existing = [...select.options].map(option => [option.value, option.text]);
  if (JSON.stringify(wanted) === JSON.stringify(existing)) return; // rebuilding would close an open list
  const value = select.value;
  select.replaceChildren(...wanted.map(([key, words]) => new Option(words, key)));
  select.value = value;
}

// --- Acknowledging -----------------------------------------------------------------------------------------------

const acknowledgement = "/alarms/acknowledge";
const acknowledgeOne = alarm => sign(acknowledgement, { id: alarm.id });

/** One after the other: each is its own record in the journal, and the service decides on each. */
async function acknowledgeMany(list) {
  const operator = signature();
  if (!operator || isBusy || list.length === 0) return;
  if (list.length > 1 && !confirm(say("confirmMany", list.length, operator))) return;
  isBusy = true;
  const comment = byId("comment").value.trim();
  const errors = [];
  for (const [index, alarm] of list.entries()) {
    tell(say("acknowledging", index + 1, list.length));
    const error = await post(acknowledgement, { id: alarm.id, operator, comment });
    if (error) errors.push(error);
  }
  isBusy = false;
  const done = list.length - errors.length;
  if (errors.length > 0) tell(say("refusedSome", done, errors.length, errors[0]), true);
  else tell(say("acknowledgedMany", done));
  if (done > 0) byId("comment").value = "";
}
