// The console: live views (status, alarms, plots, quarantine) over the service's own HTTP interface. No build step: these
// files are served and read as they are written.

import { showAlarms, startAlarms } from "./alarms.js";
import { showCharts, startCharts } from "./charts.js";
import { refreshEdgeNodes, showEdgeNodes } from "./edge-nodes.js";
import { refreshNotices, showNotices } from "./notices.js";
import { byId, wait } from "./page.js";
import { refreshQuarantine, showQuarantine } from "./quarantine.js";
import { loadSite } from "./site.js";
import { refreshStatus, showStatus, unresolved } from "./status.js";
import { refreshVerdicts, showVerdicts, startVerdicts } from "./verdicts.js";
import { choose, chosen, translate } from "./words.js";

const statusMilliseconds = 2_000;
const retryMilliseconds = 3_000;

/** The page may be opened while the service starts: it is asked until it answers. */
async function siteAtLast() {
  for (;;) {
    try {
      return await loadSite();
    } catch {
      await refreshStatus();
      await wait(retryMilliseconds);
    }
  }
}

async function start() {
  byId("language").value = chosen();
  translate();
  byId("language").onchange = event => {
    choose(event.target.value);
    showStatus();
    showEdgeNodes();
    showNotices();
    showVerdicts();
    showAlarms();
    showCharts();
    showQuarantine();
  };
  await siteAtLast();
  startAlarms();
  startCharts();
  startVerdicts(() => {
    showNotices();
    showAlarms();
  });
  for (;;) {
    await refreshStatus(); // one at a time: a slow service must not be asked ever more
    await refreshEdgeNodes();
    await refreshVerdicts();
    await refreshNotices();
    await refreshQuarantine(unresolved());
    await wait(statusMilliseconds);
  }
}

start();
