// What operators say of anomalies: the buttons beside each, and the list of what was said with the effect it has now.

import { sign } from "./operator.js";
import { button, byId, getJson, make, serverNow } from "./page.js";
import { day, moment, number, quantity, say } from "./words.js";

const shown = 50; // in force first
const refreshMilliseconds = 30_000; // of what others say
const words = ["true", "false", "expected"];

let verdicts = []; // newest first
let askedAt = 0;
let onChange = () => {};

export const startVerdicts = act => { onChange = act; };

export async function refreshVerdicts() {
  if (serverNow() - askedAt < refreshMilliseconds) return;
  try {
    const before = JSON.stringify(verdicts);
    verdicts = await getJson("/api/verdicts");
    askedAt = serverNow();
    showVerdicts();
    if (JSON.stringify(verdicts) !== before) onChange();
  } catch {
    // That the service does not answer is said at the top.
  }
}

/** The verdict in force on what a signal showed at a time. */
export const verdictOn = (signal, milliseconds) => verdicts.find(
  one => one.inForce && one.signal === signal && one.findingMilliseconds === milliseconds);

/** Three buttons; or what was said, and the way back. */
export function judging(signal, milliseconds, what) {
  const said = verdictOn(signal, milliseconds);
  return said
    ? make("span", "judging", make("small", "", `${say(`said-${said.said}`)} · ${said.operator}`), revoking(said))
    : make("span", "judging", ...words.map(word => Object.assign(
      button(say(`say-${word}`), () => send("/api/verdicts", { ...what, verdict: word })),
      { title: say(`hint-${word}`) })));
}

/** What stands in the last answer, in the language chosen now. */
export function showVerdicts() {
  const list = [...verdicts].sort((a, b) => b.inForce - a.inForce).slice(0, shown);
  byId("verdicts").hidden = list.length === 0;
  byId("verdict-rows").replaceChildren(...list.map(rowOf));
}

function rowOf(verdict) {
  const cells = {
    asset: [verdict.signal, make("small", "", moment(verdict.findingMilliseconds, serverNow()))],
    said: [say(`said-${verdict.said}`), make("small", "", signedBy(verdict))],
    what: [effectOf(verdict)],
    held: heldOf(verdict),
    act: verdict.inForce ? [revoking(verdict)] : [],
  };
  const row = make("tr", verdict.inForce ? "" : "over");
  row.append(...Object.entries(cells).map(([key, content]) => make("td", key, ...content)));
  return row;
}

const signedBy = verdict => [`${verdict.operator}, ${moment(verdict.givenMilliseconds, serverNow())}`,
  verdict.comment && `“${verdict.comment}”`].filter(Boolean).join(" ");

/** How many findings it held back, which leads to them, and when the last one was. */
function heldOf(verdict) {
  if (!verdict.lastHeldMilliseconds) return [number.format(verdict.heldBack)];
  const link = make("a", "", number.format(verdict.heldBack));
  link.href = `/api/findings?${new URLSearchParams({ level: "held", signal: verdict.signal })}`;
  return [link, make("small", "", moment(verdict.lastHeldMilliseconds, serverNow()))];
}

function effectOf(verdict) {
  if (verdict.revokedMilliseconds) {
    return say("revokedBy", verdict.revokedBy, moment(verdict.revokedMilliseconds, serverNow()));
  }
  if (!verdict.inForce) return say("verdictExpired", day(verdict.expiresMilliseconds));
  if (verdict.callsNobody) return say("callsNobody");
  if (verdict.said === "expected") {
    const side = say(verdict.isUp ? "sideUp" : "sideDown");
    return say("holdsBack", side, quantity(verdict.sizeMax, verdict.unit), day(verdict.expiresMilliseconds));
  }
  const [once, instead] = [verdict.onceInDays, verdict.insteadOfDays].map(days => number.format(Math.round(days)));
  return once === instead ? say("callsAsBefore", once) : say("callsOnceIn", once, instead);
}

const revoking = verdict => button(say("revoke"), () => send(`/api/verdicts/${verdict.verdict}/revoke`, {}));

async function send(address, body) {
  if (await sign(address, body)) return;
  askedAt = 0;
  await refreshVerdicts();
}
