// The edge nodes of Sparkplug B: who is there, and who does not say what its data means. Not shown where there are none.

import { byId, getJson, make, serverNow } from "./page.js";
import { ago, number, say } from "./words.js";

let nodes = []; // as last answered

export async function refreshEdgeNodes() {
  try {
    nodes = await getJson("/api/sparkplug");
    showEdgeNodes();
  } catch {
    // That the service does not answer is said at the top.
  }
}

/** What stands in the last answer, in the language chosen now. */
export function showEdgeNodes() {
  byId("edge-nodes").hidden = nodes.length === 0;
  byId("edge-node-rows").replaceChildren(...nodes.map(rowOf));
}

function rowOf(node) {
  const away = node.devices.filter(device => !device.online).map(device => device.device);
  const devices = away.length > 0 ? say("devicesAway", away.join(", ")) : "";
  const name = make("td", "name", `${node.group}/${node.node}`, " ", make("small", "", devices));
  const row = make("tr", node.state === "online" ? "" : "stale", name);
  const cells = {
    edgeState: say(`edge-${node.state}`),
    lastSeen: ago(node.lastSeenMilliseconds, serverNow()),
    staleMetrics: number.format(node.staleMetrics),
    gaps: number.format(node.gaps),
    rebirths: number.format(node.rebirthsRequested),
    held: number.format(node.held),
  };
  for (const [key, value] of Object.entries(cells)) {
    row.append(make("td", key, value));
    row.lastElementChild.dataset.label = say(key);
  }
  return row;
}
