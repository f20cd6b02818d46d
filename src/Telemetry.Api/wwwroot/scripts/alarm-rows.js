// Rows of the alarm list. A row is made once per alarm and filled again only when what it says has changed.

import { arrange, button, make, serverNow } from "./page.js";
import { site } from "./site.js";
import { judging, verdictOn } from "./verdicts.js";
import { chosen, moment, named, quantity, say } from "./words.js";

const aroundMilliseconds = 3_600_000; // of an alarm's beginning
const rows = new Map(); // key → { row, said }

/** The row of one alarm; a member stands below the row of its group. */
export function rowOf(alarm, cover, isMember, acts) {
  const today = new Date(serverNow()).toDateString(); // decides whether times have dates
  const said = JSON.stringify([alarm, cover, isMember, chosen(), today, isAnomaly(alarm) && verdictOf(alarm)]);
  return filled(`alarm ${alarm.id}`, said, row => {
    row.className = [alarm.priority, alarm.state, cover ? "covered" : "", isMember ? "member" : ""].join(" ");
    row.dataset.alarm = alarm.id;
    const label = text => make("small", "", text);
    const cells = {
      state: [make("b", "", say(alarm.priority)), " ", say(alarm.state), ...notes(alarm, cover).map(label)],
      asset: [alarm.assetId, label(named(alarm.asset))],
      what: [whatOf(alarm), label(curveOf(alarm)), ...(alarm.reason ? [label(alarm.reason)] : [])],
      value: [quantity(alarm.value, alarm.unit), label(quantity(alarm.limit, alarm.limitUnit))],
      since: [moment(alarm.sinceMilliseconds, serverNow())],
      act: [
        ...(alarm.needsAcknowledge ? [button(say("acknowledge"), () => acts.acknowledge(alarm))] : []),
        ...(isAnomaly(alarm) ? [judging(signalOf(alarm), alarm.sinceMilliseconds, { alarm: alarm.id })] : []),
      ],
    };
    arrange(row, Object.entries(cells).map(([key, content]) => make("td", key, ...content)));
  });
}

const signalOf = alarm => `${alarm.assetId}.${alarm.signal}`;
const isAnomaly = alarm => alarm.id.endsWith("/ANOMALY"); // limits are set by people, in the site file
const verdictOf = alarm => verdictOn(signalOf(alarm), alarm.sinceMilliseconds)?.verdict ?? 0;

/** The row of all silent signals of a gateway. */
export function rowOfGroup(gateway, members, isOpen, acts) {
  const states = members.map(alarm => [alarm.id, alarm.sequence]);
  const said = JSON.stringify([states, isOpen, chosen(), site.startedMilliseconds]);
  return filled(`group ${gateway}`, said, row => {
    const waiting = members.filter(alarm => alarm.needsAcknowledge);
    const present = members.filter(alarm => alarm.state !== "returned-unacknowledged");
    const state = waiting.some(alarm => alarm.state === "unacknowledged") ? "unacknowledged"
      : waiting.length > 0 ? "returned-unacknowledged" : "acknowledged";
    row.className = `group ${members[0].priority} ${state}`;
    row.dataset.group = gateway;
    const toggle = button(say(isOpen ? "hide" : "show"), () => acts.toggle(gateway));
    toggle.className = "toggle";
    toggle.setAttribute("aria-expanded", isOpen);
    const name = named(site.gateways.get(gateway)?.name) || named(members[0].asset);
    const numbers = say("stillSilent", present.length, members.length - present.length);
    const since = Math.min(...members.map(alarm => alarm.sinceMilliseconds));
    const cells = {
      state: [make("b", "", say(members[0].priority)), " ", say(state)],
      asset: [gateway, make("small", "", name)],
      what: [say("silentSignals", members.length), " ", toggle, make("small", "", numbers)],
      since: [moment(since, serverNow())],
      act: waiting.length > 0
        ? [button(say("acknowledgeGroup", waiting.length), () => acts.acknowledgeGroup(members))] : [],
    };
    arrange(row, Object.entries(cells).map(([key, content]) => make("td", key, ...content)));
    row.querySelector(".what").colSpan = 2; // a group has no value
  });
}

function filled(key, said, fill) {
  const known = rows.get(key) ?? { row: make("tr"), said: "" };
  rows.set(key, known);
  if (known.said !== said) {
    known.row.replaceChildren();
    fill(known.row);
    known.said = said;
  }
  return known.row;
}

/** The service's sentence ends in the kind in English; the kind is known in three languages, the name in one. */
function whatOf(alarm) {
  const end = `: ${alarm.kind.en}`;
  return alarm.text.endsWith(end) ? `${alarm.text.slice(0, -end.length)}: ${named(alarm.kind)}` : alarm.text;
}

/** The alarm's name, which leads to its signal's curve around the time it began. */
function curveOf(alarm) {
  const signal = signalOf(alarm);
  if (!site.signals.has(signal)) return alarm.id;
  const link = make("a", "", alarm.id);
  const [from, to] = [-1, 1].map(side => new Date(alarm.sinceMilliseconds + side * aroundMilliseconds).toISOString());
  link.href = `explore.html?${new URLSearchParams({ signal, from, to })}`;
  return link;
}

/** Who took it on and when, in which words; when it returned; what stands before it. */
function notes(alarm, cover) {
  const changed = moment(alarm.changedMilliseconds, serverNow());
  const lines = [];
  if (alarm.state === "acknowledged") lines.push(say("acknowledgedBy", alarm.acknowledgedBy, changed));
  if (alarm.state === "acknowledged" && alarm.comment) lines.push(`“${alarm.comment}”`);
  if (alarm.state === "returned-unacknowledged") lines.push(say("returnedAt", changed));
  if (cover) lines.push(say("covered", cover));
  return lines;
}
