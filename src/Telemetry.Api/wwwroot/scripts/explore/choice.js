// The list of signals to choose from: found by name, asset, area or unit, several at once.

import { byId, make, text } from "../page.js";
import { find, names } from "../signals.js";
import { named, number, say } from "../words.js";
import { view } from "./range.js";

const shownMax = 100; // a longer list is searched, not read
let toggle = () => true;

/** @param act chooses a signal by its name or lets go of it, and says whether it could */
export function startChoice(act) {
  toggle = act;
  byId("signal-search").oninput = showChoice;
  showChoice();
}

/** The signals in which all words of the search stand, those that are chosen first. */
export function showChoice() {
  const words = byId("signal-search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = names().filter(name => view.signals.includes(name)
    || words.every(word => searched(name).toLowerCase().includes(word)));
  found.sort((a, b) => view.signals.includes(b) - view.signals.includes(a));
  const focus = document.activeElement?.dataset?.signal;
  byId("signal-list").replaceChildren(...found.slice(0, shownMax).map(itemOf));
  if (focus) document.querySelector(`[data-signal="${CSS.escape(focus)}"]`)?.focus();
  text(byId("signal-count"), names().length === 0 ? say("nothingToPlot")
    : say("signalsShown", number.format(Math.min(found.length, shownMax)), number.format(names().length)));
}

function searched(name) {
  const { label, unit, area, name: asset } = find(name);
  return [name, label, unit, area, ...Object.values(asset ?? {})].join(" ");
}

function itemOf(name) {
  const { label, unit, name: asset } = find(name);
  const box = make("input");
  box.type = "checkbox";
  box.checked = view.signals.includes(name);
  box.dataset.signal = name;
  box.onchange = () => { if (!toggle(name)) box.checked = false; };
  const note = label ? `${named(asset)}: ${label}${unit ? ` (${unit})` : ""}` : "";
  return make("li", "", make("label", "", box, make("span", "", name, make("small", "", note))));
}
