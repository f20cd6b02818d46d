// The commissioning check of one gateway: /check.html?gateway=ID&lang=en|mn|ko. All words come with the answer.

import { byId, getJson, make, text } from "./page.js";

const address = new URL(location.href);

async function show() {
  const gateway = address.searchParams.get("gateway") ?? "";
  const language = address.searchParams.get("lang") ?? "en";
  byId("language").value = language;
  document.documentElement.lang = language;
  try {
    const query = new URLSearchParams({ lang: language });
    showReport(await getJson(`/api/gateways/${encodeURIComponent(gateway)}/check?${query}`));
  } catch (error) {
    text(byId("result"), error.message);
  }
}

function showReport(report) {
  for (const element of document.querySelectorAll("[data-word]")) text(element, report.words[element.dataset.word]);
  const name = report.name?.[report.language] || report.name?.en || "";
  document.title = `${report.words.title}: ${report.gateway}`;
  text(byId("gateway"), name ? `${report.gateway} (${name})` : report.gateway);
  text(byId("site"), report.site);
  text(byId("checked-at"), new Date(report.timeMilliseconds).toISOString().slice(0, 19).replace("T", " ") + " UTC");
  byId("result").className = `state ${report.state}`;
  text(byId("result"), report.words[`state-${report.state}`]);
  byId("checks").replaceChildren(...report.checks.map(check => make("tr", "",
    make("td", "", check.title), make("td", `state ${check.state}`, check.stateText),
    make("td", "", check.seen), make("td", "", check.remedy))));
}

byId("language").onchange = event => {
  address.searchParams.set("lang", event.target.value);
  history.replaceState(null, "", address);
  show();
};
byId("print").onclick = () => print();
show();
