// Draws curves over time on a canvas: panels below each other on one time axis, each with a unit to the left and one to
// the right. Knows no store and no words; tells what a hand, a wheel or a key wants to see.

import { ticksOf, zoneName } from "./zones.js";

const panelHeight = 300, margin = { left: 62, right: 62, top: 24, bottom: 44 }; // CSS pixels
const pixelsPerTimeTick = 90, pixelsPerValueTick = 44;
const dotsPerPixelMax = 1 / 7; // samples stand so far apart before each has a dot
const room = 0.06; // of the range of values, above and below
const nearLimit = 0.3; // a limit is drawn so near to a curve, of its range: a far one must not flatten it
const wheelZoom = 1.0015; // per pixel of the wheel
const keyZoom = 1.5, keyPan = 0.25, keyStep = 0.01; // of what is shown
const markPixels = 3; // height of the bar for what lasts, and the space around words
const clickPixels = 4; // a hand that moved less has clicked

export class Plot {
  #canvas;
  #acts;
  #picture = { from: 0, to: 1, zone: "UTC", panels: [], marks: [] };
  #cursor = null; // an instant
  #hands = new Map(); // pointers that are down: id → where each is
  #chosen = null; // the range that is being marked with Shift, in pixels
  #tones = { ink: "", grid: "", strong: "" };
  #isWaiting = false;

  /** @param acts pan(milliseconds), zoom(factor, around), select(from, to), cursor(instant or null, by a key) */
  constructor(canvas, acts) {
    this.#canvas = canvas;
    this.#acts = acts;
    canvas.addEventListener("pointerdown", event => this.#down(event));
    canvas.addEventListener("pointermove", event => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, event => this.#up(event));
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("wheel", event => this.#wheel(event), { passive: false });
    canvas.addEventListener("dblclick", event => acts.zoom(1 / keyZoom / keyZoom, this.#instantAt(event.offsetX)));
    canvas.addEventListener("keydown", event => this.#key(event));
    new ResizeObserver(() => this.#drawSoon()).observe(canvas.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#drawSoon());
  }

  /** How many pixels a curve has from left to right. */
  get width() {
    return Math.max(this.#canvas.parentElement.clientWidth - margin.left - margin.right, 100);
  }

  /**
   * Shows { from, to, zone, panels, marks }. A panel has one or two sides, { unit, curves }; a curve { colour, runs,
   * width, limits }, its points as curves.js has them; a mark { time, until, colour, label },
   * the marks in order of time.
   */
  show(picture) {
    this.#picture = picture;
    this.#drawSoon();
  }

  /** Puts the cursor at an instant, or takes it away. */
  #point(instant, isByKey = false) {
    this.#cursor = instant;
    this.#acts.cursor(instant, isByKey);
    this.#drawSoon();
  }

  // --- Hands -----------------------------------------------------------------------------------------------------

  #x(instant) {
    const { from, to } = this.#picture;
    return margin.left + (instant - from) / (to - from) * this.width;
  }

  #instantAt(x) {
    const { from, to } = this.#picture;
    return from + (x - margin.left) / this.width * (to - from);
  }

  #milliseconds(pixels) {
    return pixels / this.width * (this.#picture.to - this.#picture.from);
  }

  #down(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#hands.set(event.pointerId, { x: event.offsetX, start: event.offsetX });
    if (event.shiftKey) this.#chosen = { start: event.offsetX, end: event.offsetX };
  }

  #move(event) {
    const hand = this.#hands.get(event.pointerId);
    const x = event.offsetX;
    if (hand && this.#chosen) this.#chosen.end = x;
    else if (hand && this.#hands.size === 2) this.#pinch(event.pointerId, x);
    else if (hand) this.#acts.pan(-this.#milliseconds(x - hand.x));
    if (hand) hand.x = x;
    const isInside = x >= margin.left && x <= margin.left + this.width;
    this.#point(isInside ? this.#instantAt(x) : null);
  }

  #pinch(id, x) {
    const [one, other] = [...this.#hands].sort(([first]) => first === id ? -1 : 1).map(([, hand]) => hand.x);
    const before = Math.max(Math.abs(one - other), 1), after = Math.max(Math.abs(x - other), 1);
    this.#acts.zoom(before / after, this.#instantAt((x + other) / 2));
  }

  #up(event) {
    this.#hands.delete(event.pointerId);
    if (!this.#chosen) return;
    const [from, to] = [this.#chosen.start, this.#chosen.end].sort((a, b) => a - b);
    this.#chosen = null;
    if (to - from > clickPixels) this.#acts.select(this.#instantAt(from), this.#instantAt(to));
    this.#drawSoon();
  }

  #wheel(event) {
    event.preventDefault();
    const isAcross = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const pixels = (isAcross ? event.deltaX || event.deltaY : event.deltaY) * (event.deltaMode === 1 ? 33 : 1);
    if (isAcross) this.#acts.pan(this.#milliseconds(pixels));
    else this.#acts.zoom(wheelZoom ** pixels, this.#instantAt(event.offsetX));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { from, to } = this.#picture;
    const pan = part => this.#acts.pan(part * (to - from));
    const step = part => {
      const wanted = (this.#cursor ?? (from + to) / 2) + part * (to - from);
      this.#point(Math.min(Math.max(wanted, from), to), true);
    };
    const keys = {
      ArrowLeft: () => event.shiftKey ? pan(-keyPan) : step(-keyStep),
      ArrowRight: () => event.shiftKey ? pan(keyPan) : step(keyStep),
      PageUp: () => pan(-1), PageDown: () => pan(1),
      "+": () => this.#acts.zoom(1 / keyZoom, this.#cursor ?? undefined),
      "=": () => this.#acts.zoom(1 / keyZoom, this.#cursor ?? undefined),
      "-": () => this.#acts.zoom(keyZoom, this.#cursor ?? undefined),
      Home: () => this.#point(from, true), End: () => this.#point(to, true), Escape: () => this.#point(null),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  // --- Drawing ---------------------------------------------------------------------------------------------------

  /** Once per frame, however often something changes. */
  #drawSoon() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }

  #draw() {
    const { panels, from, to, zone } = this.#picture;
    const height = Math.max(panels.length, 1) * panelHeight + margin.bottom;
    const pen = this.#pen(this.width + margin.left + margin.right, height);
    const ticks = ticksOf(zone, { from, to }, Math.floor(this.width / pixelsPerTimeTick));
    const shown = panels.length > 0 ? panels : [{ sides: [] }];
    shown.forEach((panel, index) => this.#drawPanel(pen, panel, ticks, index * panelHeight));
    this.#drawTimes(pen, ticks, shown.length * panelHeight);
    this.#drawCursor(pen, shown.length * panelHeight);
  }

  /** A canvas does not know CSS variables: it is given the colours of elements that use them. */
  #pen(width, height) {
    const scale = devicePixelRatio;
    const canvas = this.#canvas;
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(canvas);
    pen.font = `12px ${style.fontFamily}`;
    this.#tones = { ink: style.color, grid: style.borderTopColor, strong: style.outlineColor };
    return pen;
  }

  #drawPanel(pen, { sides }, ticks, top) {
    const right = margin.left + this.width;
    const box = { left: margin.left, right, top: top + margin.top, bottom: top + panelHeight };
    pen.strokeStyle = this.#tones.grid;
    pen.lineWidth = 1;
    for (const { instant } of ticks) line(pen, this.#x(instant), box.top, this.#x(instant), box.bottom);
    const scales = sides.map(side => scaleOf(side.curves, box, this.#picture));
    scales.forEach((scale, index) => this.#drawScale(pen, sides[index], scale, box, index));
    pen.strokeStyle = this.#tones.grid;
    pen.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top - 6, box.right - box.left, box.bottom - box.top + 6);
    pen.clip();
    this.#drawMarks(pen, box);
    sides.forEach((side, index) => side.curves.forEach(curve => this.#drawCurve(pen, curve, scales[index], box)));
    pen.restore();
  }

  #drawScale(pen, { unit, curves }, { y, ticks, digits }, box, index) {
    const isLeft = index === 0;
    pen.textBaseline = "middle";
    pen.textAlign = isLeft ? "right" : "left";
    for (const value of ticks) {
      pen.strokeStyle = this.#tones.grid;
      if (isLeft) line(pen, box.left, y(value), box.right, y(value));
      pen.fillStyle = this.#tones.ink;
      pen.fillText(value.toFixed(digits), isLeft ? box.left - 8 : box.right + 8, y(value));
    }
    pen.textAlign = isLeft ? "left" : "right";
    pen.fillStyle = curves.length === 1 ? curves[0].colour : this.#tones.strong;
    pen.fillText(unit, isLeft ? 8 : box.right + margin.right - 8, box.top - 13);
  }

  #drawMarks(pen, box) {
    pen.lineWidth = 1;
    pen.textBaseline = "top";
    pen.textAlign = "left";
    let free = box.left; // from here on no words stand
    for (const { time, until, colour, label } of this.#picture.marks) {
      const [x, end] = [this.#x(time), this.#x(until)];
      pen.strokeStyle = pen.fillStyle = colour;
      pen.fillRect(x, box.top, Math.max(end - x, markPixels), markPixels);
      pen.setLineDash([2, 3]);
      line(pen, x, box.top, x, box.bottom);
      pen.setLineDash([]);
      const { width } = pen.measureText(`⚑ ${label}`);
      const begin = x + markPixels + width < box.right ? x + markPixels : x - markPixels - width;
      if (begin < free) continue; // words over words cannot be read; the note below the plot counts them all
      pen.fillText(`⚑ ${label}`, begin, box.top + 2 * markPixels);
      free = begin + width + markPixels;
    }
  }

  #drawCurve(pen, curve, { y }, box) {
    pen.strokeStyle = pen.fillStyle = curve.colour;
    pen.lineWidth = 1;
    pen.setLineDash([3, 5]);
    for (const limit of limitsNear(curve, this.#picture)) line(pen, box.left, y(limit), box.right, y(limit));
    pen.setLineDash([]);
    const half = curve.width * 500; // a window's point stands in its middle
    const x = point => this.#x(point.time + half);
    for (const run of curve.runs) {
      if (curve.width > 0) drawBand(pen, run, x, y);
      drawLine(pen, run, x, y);
    }
    const points = curve.runs.flat();
    const isSparse = points.length < this.width * dotsPerPixelMax;
    const hasDots = run => run.length === 1 || (isSparse && curve.width === 0);
    for (const point of curve.runs.filter(hasDots).flat()) dot(pen, x(point), y(point.value));
    this.#drawBad(pen, points.filter(point => point.bad > 0), curve, { x, y, box });
  }

  /** Samples that are not good: a cross each; of windows a bar at the foot, higher the more of them there are. */
  #drawBad(pen, points, curve, { x, y, box }) {
    pen.fillStyle = pen.strokeStyle = "#c62828";
    pen.lineWidth = 2;
    for (const point of points) {
      if (curve.width > 0) {
        const height = 6 + 9 * point.bad / point.count;
        const width = Math.max(this.#x(point.time + curve.width * 1000) - this.#x(point.time), 2);
        pen.fillRect(this.#x(point.time), box.bottom - height, width, height);
      } else {
        line(pen, x(point) - 4, y(point.value) - 4, x(point) + 4, y(point.value) + 4);
        line(pen, x(point) - 4, y(point.value) + 4, x(point) + 4, y(point.value) - 4);
      }
    }
  }

  #drawTimes(pen, ticks, bottom) {
    pen.fillStyle = this.#tones.ink;
    pen.textBaseline = "top";
    let above = null, free = -Infinity;
    for (const tick of ticks) {
      const x = this.#x(tick.instant);
      pen.textAlign = "center";
      pen.fillText(tick.label, x, bottom + 6);
      if (tick.above && tick.above !== above && x > free) {
        pen.fillText(tick.above, x, bottom + 22);
        free = x + pen.measureText(tick.above).width + 8;
        above = tick.above;
      }
    }
    const name = zoneName(this.#picture.zone, this.#picture.from);
    const right = margin.left + this.width + margin.right - 8;
    pen.textAlign = "right";
    pen.clearRect(right - pen.measureText(name).width - 8, bottom + 22, pen.measureText(name).width + 8, 20);
    pen.fillText(name, right, bottom + 24);
  }

  #drawCursor(pen, bottom) {
    if (this.#chosen) {
      const { start, end } = this.#chosen;
      pen.fillStyle = "#4a7fb544";
      pen.fillRect(Math.min(start, end), margin.top, Math.abs(end - start), bottom - margin.top);
    }
    if (this.#cursor === null) return;
    pen.strokeStyle = this.#tones.ink;
    pen.lineWidth = 1;
    line(pen, this.#x(this.#cursor), margin.top, this.#x(this.#cursor), bottom);
  }
}

function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

function dot(pen, x, y) {
  pen.beginPath();
  pen.arc(x, y, 2.2, 0, 2 * Math.PI);
  pen.fill();
}

function drawLine(pen, run, x, y) {
  pen.lineWidth = 1.5;
  pen.lineJoin = "round";
  pen.beginPath();
  for (const point of run) pen.lineTo(x(point), y(point.value));
  pen.stroke();
}

function drawBand(pen, run, x, y) {
  pen.save();
  pen.globalAlpha = 0.22;
  pen.beginPath();
  for (const point of run) pen.lineTo(x(point), y(point.most));
  for (const point of [...run].reverse()) pen.lineTo(x(point), y(point.least));
  pen.closePath();
  pen.fill();
  if (run.length === 1) line(pen, x(run[0]), y(run[0].most), x(run[0]), y(run[0].least));
  pen.restore();
}

// --- Values ------------------------------------------------------------------------------------------------------

/** The least and the greatest value of a curve within a range. */
function extentOf({ runs, width }, { from, to }) {
  let least = Infinity, most = -Infinity;
  for (const point of runs.flat()) {
    if (point.time + width * 1000 < from || point.time > to) continue;
    least = Math.min(least, point.least);
    most = Math.max(most, point.most);
  }
  return { least, most };
}

function limitsNear(curve, range) {
  const { least, most } = extentOf(curve, range);
  return curve.limits.filter(limit => Math.max(least - limit, limit - most) <= nearLimit * (most - least));
}

/** Where values stand in a box, with round ticks. */
function scaleOf(curves, box, range) {
  const extents = curves.map(curve => extentOf(curve, range));
  const limits = curves.flatMap(curve => limitsNear(curve, range));
  let least = Math.min(...extents.map(extent => extent.least), ...limits);
  let most = Math.max(...extents.map(extent => extent.most), ...limits);
  if (least > most) [least, most] = [0, 1];
  const space = (most - least) * room || Math.max(Math.abs(most) * room, 0.5);
  const [low, high] = [least - space, most + space];
  const y = value => box.bottom - (value - low) / (high - low) * (box.bottom - box.top);
  return { y, ...valueTicks(low, high, (box.bottom - box.top) / pixelsPerValueTick) };
}

/** Multiples of 1, 2 or 5 of a power of ten, and the digits that tell them apart. */
export function valueTicks(low, high, countMax) {
  const power = 10 ** Math.floor(Math.log10((high - low) / countMax));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(one => (high - low) / one <= countMax);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let index = Math.ceil(low / step); index * step <= high; index++) ticks.push(index * step);
  return { ticks, digits: Math.min(digits, 12) };
}
