// The quarantine: what could not be decoded, by gateway and reason, the payload around the fault, and the way back.

import { arrange, button, byId, getJson, make, serverNow, text } from "./page.js";
import { ago, moment, number, say } from "./words.js";

const entriesShown = 20; // of a group; the newest
const nanosecondsPerMillisecond = 1e6;

let groups = [];
let known = null; // how many messages were unresolved when the groups were asked for
let opened = null; // key of the group whose messages are shown
let entries = [];
let isBusy = false;

const keyOf = group => `${group.gateway} ${group.code}`;

/** Asks again only when the number of unresolved messages has changed. */
export async function refreshQuarantine(unresolved) {
  if (unresolved === known || isBusy) return;
  try {
    groups = await getJson("/api/quarantine/groups");
    known = unresolved;
    await loadEntries();
  } catch {
    known = null; // the badge says that there is no answer
  }
  showQuarantine();
}

async function loadEntries() {
  const group = groups.find(one => keyOf(one) === opened);
  if (!group) {
    entries = [];
    return;
  }
  const query = new URLSearchParams({ client: group.gateway, reason: group.code, limit: entriesShown });
  const list = await getJson(`/api/quarantine?${query}`);
  const unresolved = list.filter(entry => entry.state !== "resolved");
  entries = await Promise.all(unresolved.map(entry => getJson(`/api/quarantine/${entry.id}`)));
}

export function showQuarantine() {
  const open = groups.filter(group => group.waiting + group.failed > 0)
    .sort((a, b) => b.lastArrivalMilliseconds - a.lastArrivalMilliseconds);
  byId("quarantine-list").hidden = open.length === 0;
  byId("no-quarantine").hidden = open.length > 0;
  const rows = [];
  for (const group of open) {
    rows.push(rowOf(group));
    if (keyOf(group) === opened) rows.push(...entries.map(rowOfEntry));
  }
  arrange(byId("quarantine-rows"), rows);
}

function rowOf(group) {
  const isOpen = keyOf(group) === opened;
  const isListed = group.code !== ""; // those beyond the ceiling of groups have no name to ask for
  const show = idleButton(say(isOpen ? "hide" : "show"), () => toggle(group));
  const retry = idleButton(say("retry"), () => retryWith({ client: group.gateway, reason: group.code }));
  const cells = {
    gateway: group.gateway,
    reason: group.reason,
    waiting: number.format(group.waiting),
    failedAgain: number.format(group.failed),
    newest: `${ago(group.lastArrivalMilliseconds, serverNow())}, ${group.lastTopic}`,
  };
  const row = make("tr", "group");
  for (const [key, value] of Object.entries(cells)) {
    row.append(make("td", key, value));
    row.lastElementChild.dataset.label = say(key);
  }
  row.append(make("td", "act", ...(isListed ? [show, " ", retry] : [])));
  return row;
}

function rowOfEntry({ entry, excerpt }) {
  const arrived = moment(entry.arrivalTime / nanosecondsPerMillisecond, serverNow());
  const place = say("atByte", entry.faultOffset, entry.payloadBytes);
  const raw = make("a", "", say("rawPayload"));
  raw.href = `/api/quarantine/${entry.id}/payload`;
  raw.download = `message-${entry.id}`;
  const marked = `${excerpt.text}\n${" ".repeat(excerpt.caret)}^`;
  const cell = make("td", "entry", make("b", "", entry.topic), ` ${arrived} `,
    make("small", "", `${entry.decoder} · ${entry.route} · ${entry.version}`),
    make("div", "", `${entry.reason}, ${place} `, raw), make("pre", "", marked));
  if (entry.retry) cell.append(make("div", "error", say("failedLast", entry.retry.reason)));
  cell.append(idleButton(say("retry"), () => retryWith({ ids: [entry.id] })));
  cell.colSpan = 6;
  return make("tr", "member", cell);
}

const idleButton = (words, act) => Object.assign(button(words, act), { disabled: isBusy });

async function toggle(group) {
  opened = keyOf(group) === opened ? null : keyOf(group);
  try {
    await loadEntries();
  } catch (error) {
    tell(`${say("noAnswer")} (${error.message})`, true);
  }
  showQuarantine();
}

/** The service decodes, stores and answers with what became of each. */
async function retryWith(choice) {
  isBusy = true;
  tell(say("retrying"));
  showQuarantine();
  try {
    const answer = await fetch("/api/quarantine/retry", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(choice),
    });
    const report = await answer.json();
    const words = say("retryDone", report.retried ?? 0, report.resolved ?? 0, report.failed ?? 0, report.points ?? 0);
    tell(report.error || words, report.error !== "" || report.failed > 0);
  } catch (error) {
    tell(`${say("noAnswer")} (${error.message})`, true);
  }
  isBusy = false;
  known = null; // a message that failed again is as unresolved as before
  showQuarantine();
}

function tell(words, isError = false) {
  byId("quarantine-message").className = isError ? "error" : "quiet";
  text(byId("quarantine-message"), words);
}
