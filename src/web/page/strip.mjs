// A strip of time: what was recorded, how lively, and what happened. The mark
// on it moves by arrow keys, by mouse and by finger; a stretch is chosen by
// dragging, or by [ and ] at the mark; the scale above is dragged to move.
import { ask } from './api.mjs';
import { clock, day, draw, keyOf, make, moment, say } from './dom.mjs';
import { Span } from './span.mjs';
import { t } from './text.mjs';
import { begin, look, told } from './told.mjs';

const LANE = 44;
const BAR = 26;
const TOP = 24;
const LATER_MS = 120;
const LEAST_MS = 1000; // that can be chosen
const UNSEALED_MS = 15000; // what is being recorded has no line yet
const stamp = (at) => encodeURIComponent(new Date(at).toISOString());

export async function record(span, parts) {
  const got = await ask(`/api/timeline?from=${stamp(span.from)}`
    + `&to=${stamp(span.to)}&parts=${parts}`);
  got.span = span;
  got.cameras.sort((a, b) => a.name.localeCompare(b.name));
  for (const camera of got.cameras) {
    camera.recorded = camera.recorded.map((pair) => pair.map(Date.parse));
  }
  return got;
}

// Of a level, 0 to 255: from 129 on there is suspicion, and it stands out.
function height(level) {
  if (level < 2) return 0;
  return level < 129 ? level / 128 * 5 : 9 + (level - 129) / 126 * (BAR - 12);
}

// Movement as one outline over the bar.
function outline(activity, span, to, width, base) {
  const points = [];
  activity.forEach((level, i) => {
    const high = height(level);
    for (const edge of [i, i + 1]) {
      const at = span.from + edge / activity.length * span.long;
      points.push(`${to.x(at, width).toFixed(1)},${(base - high).toFixed(1)}`);
    }
  });
  return points.length ? [`${points[0].split(',')[0]},${base}`, ...points,
    `${points.at(-1).split(',')[0]},${base}`].join(' ') : '';
}

// Below the cameras: a name, and what looks how.
const LANES = [['time.incidents', ['presence', 'touch']],
  ['time.custody', ['custody', 'trace']], ['time.others', ['other']]];

const SHAPES = {
  touch: (x, y) => `M${x - 8} ${y + 7}L${x} ${y - 8}L${x + 8} ${y + 7}Z`,
  presence: (x, y) => `M${x - 7} ${y}L${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}Z`,
  custody: (x, y) => `M${x - 7} ${y}a7 7 0 1 0 14 0a7 7 0 1 0 -14 0`
    + `M${x - 3} ${y}a3 3 0 1 1 6 0a3 3 0 1 1 -6 0`,
  trace: (x, y) => `M${x - 7} ${y - 4}l3 -3l4 4l4 -4l3 3l-4 4l4 4l-3 3l-4 -4`
    + 'l-4 4l-3 -3l4 -4Z',
  other: (x, y) => `M${x - 3} ${y - 7}H${x + 3}V${y + 7}H${x - 3}Z`,
};

export class Strip extends HTMLElement {
  #svg = draw('svg', { 'aria-hidden': 'true' });
  #words = make('p', { class: 'at' });
  #got = null;
  #asked = 0;
  #timer = 0;
  #drag = null;
  #at = null;
  #chosen = null; // [from, to]
  #sizes = new ResizeObserver(() => this.draw());

  constructor() {
    super();
    this.span = new Span(Date.now() - 3600000, Date.now());
  }

  connectedCallback() {
    const slide = make('div', { class: 'slide', tabindex: 0, role: 'slider',
      'aria-label': t('time.strip'), 'aria-valuemin': 0,
      'aria-valuemax': 1000, 'aria-valuenow': 500 }, this.#svg);
    this.slide = slide;
    slide.addEventListener('keydown', (event) => this.#key(event));
    slide.addEventListener('wheel', (event) => this.#wheel(event),
      { passive: false });
    slide.addEventListener('pointerdown', (event) => this.#press(event));
    slide.addEventListener('pointermove', (event) => this.#pull(event));
    slide.addEventListener('pointerup', (event) => this.#let(event));
    slide.addEventListener('pointercancel', () => { this.#drag = null; });
    this.append(slide, this.#words);
    this.#sizes.observe(slide);
  }

  disconnectedCallback() {
    this.#sizes.disconnect();
    clearTimeout(this.#timer);
  }

  get width() { return Math.max(200, this.slide.clientWidth); }

  get at() { return this.#at ?? this.span.from + this.span.long / 2; }

  get chosen() { return this.#chosen; }

  // Choose a stretch, null: none. Whoever listens hears of it.
  choose(from, to = from) {
    const [a, b] = from === null ? [] : [from, to].sort((x, y) => x - y);
    const was = `${this.#chosen}`;
    this.#chosen = from === null ? null : [Math.round(a),
      Math.round(Math.max(b, a + LEAST_MS))];
    if (`${this.#chosen}` === was) return;
    this.draw();
    this.dispatchEvent(new CustomEvent('choose', { detail: this.#chosen }));
  }

  // Show another stretch; the record of it comes a little later.
  show(span, at = this.#at) {
    this.span = span;
    this.#at = at === null || span.holds(at) ? at
      : Math.min(span.to, Math.max(span.from, at));
    this.draw();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), LATER_MS);
  }

  // The mark follows what is played.
  place(at) {
    if (!this.span.holds(at) || !this.#got) return;
    this.#at = at;
    this.draw();
  }

  mark(at) {
    this.dispatchEvent(new CustomEvent('mark', { detail: at }));
    this.show(this.span.holds(at) ? this.span
      : this.span.moved((at - this.at) / this.span.long), at);
  }

  async load() {
    if (!this.isConnected) return; // the page was left meanwhile
    const turn = ++this.#asked;
    const got = await record(this.span,
      Math.min(1000, Math.floor(this.width / 2)));
    if (turn !== this.#asked || !this.isConnected) return;
    this.#got = got;
    this.draw();
    this.dispatchEvent(new CustomEvent('record', { detail: got }));
  }

  draw() {
    const got = this.#got;
    if (!got || !this.isConnected) return;
    const lanes = got.cameras.length + LANES.length;
    const [width, height] = [this.width, TOP + lanes * LANE];
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.setAttribute('height', height);
    this.#svg.replaceChildren(...this.#ticks(width, height),
      ...got.cameras.flatMap((camera, i) => this.#camera(camera, i, width)),
      ...this.#events(got.cameras.length, width),
      ...this.#choice(width, height), this.#line(width, height));
    this.#tell();
  }

  #ticks(width, height) {
    const { ticks, step } = this.span.ticks(Math.max(2, width / 110));
    return ticks.flatMap((at) => {
      const x = this.span.x(at, width).toFixed(1);
      const words = step < 86400000 ? clock(at) : day(at);
      return [draw('line', { class: 'tick', x1: x, x2: x, y1: 0, y2: height }),
        draw('text', { x: +x + 4, y: 14 },
          step < 86400000 && step >= 60000 ? words.slice(0, 5) : words)];
    });
  }

  #bar(kind, from, to, y, width, high = BAR, least = 2) {
    const [a, b] = [this.span.x(from, width), this.span.x(to, width)];
    if (b < 0 || a > width) return [];
    const x = Math.max(-1, a);
    return [draw('rect', { class: kind, x: x.toFixed(1), y, height: high,
      width: Math.max(least, Math.min(width + 1, b) - x).toFixed(1) })];
  }

  #camera(camera, i, width) {
    const y = TOP + i * LANE + 16;
    const gaps = this.#got.events.filter(({ what, camera: name, from }) =>
      what === 'gap' && from && (!name || name === camera.name));
    return [draw('text', { class: 'name', x: 4, y: y - 4 }, camera.name),
      draw('rect', { class: 'bed', x: 0, y, width, height: BAR }),
      ...camera.recorded.flatMap(([from, to]) =>
        this.#bar('recorded', from, to, y, width, BAR, 1)),
      // Activity has steps of 10 s; it is told only where something is kept.
      draw('clipPath', { id: `kept-${i}` }, ...camera.recorded.flatMap(
        ([from, to]) => this.#bar('kept', from, to, y, width, BAR, 1))),
      draw('polygon', { class: 'act', 'clip-path': `url(#kept-${i})`,
        points: outline(camera.activity, this.#got.span, this.span, width,
          y + BAR) }),
      ...gaps.flatMap(({ from, to }) => this.#bar('gap', Date.parse(from),
        Date.parse(to ?? from), y, width, BAR, 3))];
  }

  // Each kind on a lane of its own.
  #events(first, width) {
    const place = (lane) => TOP + (first + lane) * LANE + 16;
    const lane = (event) => LANES.findIndex(([, kinds]) =>
      kinds.includes(look(event)));
    const shown = this.#got.events.filter(({ what }) =>
      what !== 'gap' && what !== 'rest').reverse();
    return [...LANES.map(([key], i) => draw('text', { class: 'name', x: 4,
      y: place(i) - 4 }, t(key))), ...shown.flatMap((event) =>
      this.#event(event, place(lane(event)), width))];
  }

  #event(event, y, width) {
    const kind = look(event);
    const x = this.span.x(begin(event), width);
    const bar = kind !== 'presence' && kind !== 'touch' ? [] : this.#bar(`long ${kind}`,
      begin(event), Date.parse(event.to ?? event.at), y + 10, width, 6, 0);
    return x < -9 || x > width + 9 ? bar : [...bar, draw('path',
      { class: `dot ${kind}`, d: SHAPES[kind](Math.round(x), y + 13) })];
  }

  #choice(width, height) {
    return this.#chosen ? this.#bar('chosen', ...this.#chosen, 16, width,
      height - 16) : [];
  }

  #line(width, height) {
    const x = this.span.x(this.at, width).toFixed(1);
    return draw('line', { class: 'mark', x1: x, x2: x, y1: 16, y2: height });
  }

  // Where the mark stands, in words.
  #tell() {
    const parts = this.#got.cameras.map((camera) => {
      const here = camera.recorded.some(([from, to]) =>
        this.at >= from && this.at <= to);
      return `${camera.name}: ${t(here ? 'time.recorded'
        : this.at > Date.now() - UNSEALED_MS ? 'time.unsealed'
          : 'time.unrecorded')}`;
    });
    const near = this.#got.events.filter((event) =>
      Math.abs(begin(event) - this.at) < this.span.long / this.width * 4
      || event.to && begin(event) <= this.at
      && Date.parse(event.to) >= this.at);
    const chosen = this.#chosen ? [t('time.chosen', {
      from: moment(this.#chosen[0]), to: moment(this.#chosen[1]) })] : [];
    const words = [moment(this.at), ...chosen, ...parts,
      ...near.slice(0, 3).map(told)].join('; ');
    this.slide.setAttribute('aria-valuenow',
      Math.round(this.span.x(this.at, 1000)));
    this.slide.setAttribute('aria-valuetext', words);
    say(this.#words, words);
  }

  #next(forward) {
    const times = this.#got.events.map(begin).sort((a, b) => a - b);
    const found = forward ? times.find((at) => at > this.at + 1)
      : times.findLast((at) => at < this.at - 1);
    if (found !== undefined) this.mark(found);
  }

  // From here, or up to here; the other end is where it was, or the view's.
  #end(isFirst) {
    const [from, to] = this.#chosen ?? [this.span.from, this.span.to];
    if (isFirst) this.choose(this.at, to > this.at ? to : this.span.to);
    else this.choose(from < this.at ? from : this.span.from, this.at);
  }

  #key(event) {
    const step = (part) => this.mark(this.at + part * this.span.long);
    const does = {
      ArrowLeft: () => (event.shiftKey ? this.#next(false) : step(-0.01)),
      ArrowRight: () => (event.shiftKey ? this.#next(true) : step(0.01)),
      PageDown: () => this.show(this.span.moved(0.5), this.at),
      PageUp: () => this.show(this.span.moved(-0.5), this.at),
      Home: () => this.mark(this.span.from),
      End: () => this.mark(this.span.to),
      '+': () => this.show(this.span.zoomed(0.5, this.at), this.at),
      '=': () => this.show(this.span.zoomed(0.5, this.at), this.at),
      '-': () => this.show(this.span.zoomed(2, this.at), this.at),
      '[': () => this.#end(true),
      ']': () => this.#end(false),
      Escape: () => this.choose(null),
      Enter: () => this.dispatchEvent(new CustomEvent('wish')),
    }[keyOf(event)];
    if (does && this.#got && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      does();
    }
  }

  #x(event) {
    return event.clientX - this.slide.getBoundingClientRect().left;
  }

  #wheel(event) {
    if (event.ctrlKey || !event.deltaY) return;
    event.preventDefault();
    const at = this.span.at(this.#x(event), this.width);
    this.show(this.span.zoomed(event.deltaY > 0 ? 1.25 : 0.8, at), this.at);
  }

  #press(event) {
    if (event.button > 0) return;
    this.slide.setPointerCapture(event.pointerId);
    const { top } = this.slide.getBoundingClientRect();
    this.#drag = { x: this.#x(event), span: this.span, far: 0,
      moves: event.clientY - top < TOP };
  }

  // The scale moves what is seen, the lanes below choose.
  #pull(event) {
    if (!this.#drag) return;
    const x = this.#x(event);
    this.#drag.far = Math.max(this.#drag.far, Math.abs(x - this.#drag.x));
    if (this.#drag.far <= 4) return;
    if (this.#drag.moves) {
      this.show(this.#drag.span.moved((this.#drag.x - x) / this.width));
    } else {
      const at = (place) => this.span.at(Math.min(this.width,
        Math.max(0, place)), this.width);
      this.choose(at(this.#drag.x), at(x));
    }
  }

  #let(event) {
    if (this.#drag && this.#drag.far <= 4) {
      this.mark(this.span.at(this.#x(event), this.width));
    }
    this.#drag = null;
  }
}
customElements.define('sting-strip', Strip);
