// Who acts on the page, and the line that says what came of it.

import { byId, remember, remembered, text } from "./page.js";
import { say } from "./words.js";

export function startOperator() {
  byId("operator").value = remembered("operator", "");
  byId("operator").oninput = () => tell("");
}

export function tell(words, isError = false) {
  byId("alarm-message").className = isError ? "error" : "quiet";
  text(byId("alarm-message"), words);
}

/** The operator's name; empty, with a word about it, when there is none. */
export function signature() {
  const operator = byId("operator").value.trim();
  if (operator) {
    remember("operator", operator);
  } else {
    tell(say("nameMissing"), true);
    byId("operator").focus();
  }
  return operator;
}

/** Sends what an operator does, with name and comment; the error's words, empty when it is done. */
export async function sign(address, body) {
  const operator = signature();
  if (!operator) return say("nameMissing");
  const error = await post(address, { ...body, operator, comment: byId("comment").value.trim() });
  tell(error, error !== "");
  if (!error) byId("comment").value = "";
  return error;
}

/** The error's words; empty when it is done. */
export async function post(address, body) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.ok ? "" : (await answer.json()).error ?? `HTTP ${answer.status}`;
  } catch (error) {
    return `${say("noAnswer")} (${error.message})`;
  }
}
