// <sting-areas>: areas drawn on a picture, by mouse, finger or keyboard. Each
// is [x, y, width, height], parts of the picture.
import { draw, make } from './dom.mjs';
import { t } from './text.mjs';

const MOST = 32;
const LEAST = 0.01;
const STEP = 0.01;
const FINE = 0.001;

const clamp = (part) => Math.round(Math.min(1, Math.max(0, part)) * 1000)
  / 1000;
const percent = (part) => (part * 100).toFixed(1);

// Two opposite corners, as an area that lies inside and is not empty.
const between = ([ax, ay], [bx, by]) => {
  const [x, y] = [Math.min(ax, bx, 1 - LEAST), Math.min(ay, by, 1 - LEAST)]
    .map(clamp);
  return [x, y, clamp(Math.max(LEAST, Math.max(ax, bx) - x)),
    clamp(Math.max(LEAST, Math.max(ay, by) - y))];
};

class Areas extends HTMLElement {
  areas = [];
  #image = make('img', { alt: t('areas.picture') });
  #svg = draw('svg', {});
  #list = make('ul', { class: 'areas' });
  #sizes = new ResizeObserver(() => this.#draw());

  connectedCallback() {
    const stage = make('div', { class: 'stage' }, this.#image, this.#svg);
    this.replaceChildren(stage, this.#list, make('button', { type: 'button',
      onclick: () => this.#add() }, t('areas.add')));
    this.#svg.addEventListener('pointerdown', (event) => this.#begin(event));
    this.#image.addEventListener('load', () => this.#draw());
    this.#sizes.observe(stage);
  }

  disconnectedCallback() { this.#sizes.disconnect(); }

  show(href) { this.#image.src = href; }

  // As the station wants them: "X,Y,W,H X,Y,W,H".
  get text() { return this.areas.map((one) => one.join()).join(' '); }

  #add() {
    if (this.areas.length === MOST) return;
    this.areas.push([0.4, 0.4, 0.2, 0.2]);
    this.#draw();
    this.#svg.querySelector(`[data-corner="${2 * this.areas.length - 2}"]`)
      ?.focus();
  }

  #at(event) {
    const box = this.#svg.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width),
      clamp((event.clientY - box.top) / box.height)];
  }

  // On the picture: a new one, from here to where it ends.
  #begin(event) {
    const [held] = [event.target.dataset.corner];
    if (held === undefined && this.areas.length === MOST) return;
    event.preventDefault();
    const n = held === undefined ? this.areas.length : held >> 1;
    const [x, y, width, height] = this.areas[n] ?? [];
    const other = held === undefined ? this.#at(event)
      : held & 1 ? [x, y] : [x + width, y + height];
    this.#drag((at) => {
      this.areas[n] = between(other, at);
      this.#draw();
    });
  }

  #drag(pull) {
    const follow = (event) => pull(this.#at(event));
    const end = () => {
      removeEventListener('pointermove', follow);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
    };
    addEventListener('pointermove', follow);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
  }

  #key(event, n, isEnd) {
    const step = event.shiftKey ? FINE : STEP;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0],
      ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (by) {
      event.preventDefault();
      const [x, y, width, height] = this.areas[n];
      const [first, last] = [[x, y], [x + width, y + height]];
      const moved = (isEnd ? last : first).map((part, i) => part + by[i]);
      this.areas[n] = between(isEnd ? first : last, moved);
      this.#draw();
    } else if (['Delete', 'Backspace'].includes(event.key)) {
      event.preventDefault();
      this.#cut(n);
    }
  }

  #cut(n) {
    this.areas.splice(n, 1);
    this.#draw();
  }

  #corner(n, isEnd, [x, y], [left, top]) {
    const corner = draw('circle', { class: 'corner', cx: x, cy: y, r: 13,
      tabindex: 0, role: 'button', 'data-corner': 2 * n + isEnd,
      'aria-label': t(isEnd ? 'areas.end' : 'areas.begin', { n: n + 1,
        x: percent(left), y: percent(top) }) });
    corner.addEventListener('keydown', (event) => this.#key(event, n, isEnd));
    return corner;
  }

  #draw() {
    const { clientWidth: wide, clientHeight: high } = this.#svg.parentElement
      ?? {};
    const held = document.activeElement?.dataset?.corner;
    this.#svg.setAttribute('viewBox', `0 0 ${wide} ${high}`);
    this.#svg.replaceChildren(...this.areas.flatMap(([x, y, width, height],
      n) => [draw('rect', { class: 'filled', x: x * wide, y: y * high,
      width: width * wide, height: height * high }),
    this.#corner(n, 0, [x * wide, y * high], [x, y]),
    this.#corner(n, 1, [(x + width) * wide, (y + height) * high],
      [x + width, y + height])]));
    this.#list.replaceChildren(...this.areas.map((one, n) => make('li', {},
      make('button', { type: 'button', class: 'small',
        onclick: () => this.#cut(n) }, t('areas.remove', { n: n + 1 })))));
    if (held !== undefined) {
      this.#svg.querySelector(`[data-corner="${held}"]`)?.focus();
    }
  }
}
customElements.define('sting-areas', Areas);
