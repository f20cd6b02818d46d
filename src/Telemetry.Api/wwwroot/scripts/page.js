// What every part of the page needs: elements, what the browser remembers, and the service's answers and clock.

export const byId = id => document.getElementById(id);

export function text(element, value) {
  if (element.textContent !== String(value)) element.textContent = value; // an equal text must not undo a selection
  return element;
}

/** A new element with classes, text and children. */
export function make(tag, className = "", ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

export function button(words, act) {
  const element = make("button", "", words);
  element.type = "button";
  element.onclick = act;
  return element;
}

export const remembered = (key, initial) => JSON.parse(localStorage.getItem(key) ?? JSON.stringify(initial));
export const remember = (key, value) => localStorage.setItem(key, JSON.stringify(value));

export const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

export async function getJson(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  return answer.json();
}

/** The rows of an InfluxQL statement's series; an empty list when there is none. */
export async function ask(statement, options) {
  const answer = await getJson(`/query?db=telemetry&epoch=ms&q=${encodeURIComponent(statement)}`, options);
  const { error, series } = answer.results[0];
  if (error) throw new Error(error);
  return series ?? [];
}

const retryMilliseconds = 3_000;
const feeds = new Set();

/**
 * Listens to server-sent events until told to stop. A browser comes back by itself when a connection breaks, but gives
 * up for good on an answer that is none, such as a proxy's 502 while the service restarts: then it is asked again.
 * @param events name → what to do with an event's data
 * @param onBack told when events may have been missed
 */
export function listen(address, events, onBack = () => {}) {
  let feed = null, retry = 0, isLost = false;
  const open = () => {
    clearTimeout(retry);
    feed?.close();
    feed = new EventSource(address);
    for (const [name, act] of Object.entries(events)) {
      feed.addEventListener(name, event => act(JSON.parse(event.data)));
    }
    feed.onopen = () => {
      if (isLost) onBack();
      isLost = false;
    };
    feed.onerror = () => {
      isLost = true;
      if (feed.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMilliseconds);
    };
  };
  const reopen = () => {
    isLost = true;
    open();
  };
  const close = () => {
    clearTimeout(retry);
    feed.close();
    feeds.delete(reopen);
  };
  feeds.add(reopen);
  open();
  return { close };
}

/** Begins all feeds anew: one over a link that went without a word never learns that it is dead. */
export const reopenFeeds = () => feeds.forEach(reopen => reopen());

let serverAhead = 0; // milliseconds; a tablet's clock may be minutes off, and ages are told by the service's

export const setServerTime = milliseconds => { serverAhead = milliseconds - Date.now(); };
export const serverNow = () => Date.now() + serverAhead;

/**
 * Puts these elements into a parent in this order. Those that are there already stay what they are, so a button under
 * the pointer or with the focus is not replaced by an equal one.
 */
export function arrange(parent, elements) {
  elements.forEach((element, index) => {
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
  });
  while (parent.children.length > elements.length) parent.lastElementChild.remove();
}
