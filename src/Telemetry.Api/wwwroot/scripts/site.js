// What the site file says, as /api/site gives it: signals, gateways, and when the service started.

import { byId, getJson, text } from "./page.js";

export const site = { startedMilliseconds: 0, signals: new Map(), gateways: new Map() };

/** Asks again; a service that was restarted may have another site file. */
export async function loadSite() {
  const answer = await getJson("/api/site");
  text(byId("site"), answer.site);
  site.startedMilliseconds = answer.startedMilliseconds;
  site.signals = new Map(answer.signals.map(signal => [signal.id, signal]));
  site.gateways = new Map(answer.gateways.map(gateway => [gateway.id, gateway]));
}
