// Zones drawn on the picture of a camera, by mouse, finger or keyboard.
import './live.mjs';
import { ask } from './api.mjs';
import { choice, draw, make, say } from './dom.mjs';
import { t } from './text.mjs';

const MOST_ZONES = 16;
const MOST_CORNERS = 32;
const LEAST_CORNERS = 3;
const STEP = 0.01;
const FINE = 0.001;

const clamp = (part) => Math.min(1, Math.max(0, part));
const round = (part) => Math.round(clamp(part) * 1000) / 1000;
const percent = (part) => (part * 100).toFixed(1);

// A blank would end the word; the station says what is wrong with '?'.
const oneWord = (text) => `${text}`.trim().replace(/\s/g, '?');

const blank = (zones) => {
  const taken = zones.map(({ name }) => name);
  const name = [...Array(99)].map((_, i) => `zone-${i + 1}`)
    .find((one) => !taken.includes(one));
  return { name, bait: '', copy: '',
    points: [[0.35, 0.35], [0.65, 0.35], [0.65, 0.65], [0.35, 0.65]] };
};

class Zones extends HTMLElement {
  #cameras = [];
  #camera = null;
  #zones = [];
  #chosen = 0;
  #svg = draw('svg', {});
  #stage = make('div', { class: 'stage' }, this.#svg);
  #list = make('div', { class: 'zones' });
  #said = make('p', { role: 'status' });
  #alert = make('p', { role: 'alert' });
  #sizes = new ResizeObserver(() => this.#draw());

  async connectedCallback() {
    this.append(make('h1', {}, t('zones.title')),
      make('p', { class: 'hint' }, t('zones.hint')));
    this.#cameras = (await ask('/api/state')).cameras;
    if (this.#cameras.length === 0) {
      this.append(make('p', {}, t('camera.none')));
      return;
    }
    this.append(choice(t('zones.camera'), this.#cameras[0].name,
      this.#cameras.map(({ name }) => [name, name]),
      (name) => this.#choose(name)), this.#stage, this.#list,
    make('div', { class: 'tools' }, make('button', { type: 'button',
      onclick: () => this.#add() }, t('zones.add')), make('button',
      { type: 'button', class: 'main', onclick: () => this.#save() },
      t('zones.save'))), this.#said, this.#alert);
    this.#sizes.observe(this.#stage);
    this.#choose(this.#cameras[0].name);
  }

  disconnectedCallback() { this.#sizes.disconnect(); }

  #choose(name) {
    this.#camera = this.#cameras.find((one) => one.name === name);
    this.#zones = this.#camera.zones.map(({ name: zone, bait, copy, points }) =>
      ({ name: zone, bait: bait ?? '', copy: copy ?? '',
        points: points.map((at) => [...at]) }));
    this.#chosen = 0;
    this.#stage.replaceChildren(make('sting-live', { camera: name }),
      this.#svg);
    this.#rows();
    this.#draw();
  }

  #add() {
    if (this.#zones.length < MOST_ZONES) {
      this.#zones.push(blank(this.#zones));
      this.#chosen = this.#zones.length - 1;
      this.#rows();
      this.#draw();
      this.#svg.querySelector('.corner')?.focus();
    }
  }

  #field(zone, key, label, attributes) {
    const id = `zone-${key}-${this.#zones.indexOf(zone)}`;
    return make('div', { class: 'field' }, make('label', { for: id }, label),
      make('input', { id, value: zone[key], ...attributes,
        oninput: (event) => {
          zone[key] = event.target.value;
          this.#draw();
        } }));
  }

  #rows() {
    this.#list.replaceChildren(...this.#zones.map((zone, i) => make('fieldset',
      { onfocusin: () => {
        this.#chosen = i;
        this.#draw();
      } }, make('legend', {}, t('zones.zone', { n: i + 1 })),
      this.#field(zone, 'name', t('zones.name'),
        { required: true, maxlength: 32 }),
      this.#field(zone, 'bait', t('zones.bait'), { maxlength: 32 }),
      this.#field(zone, 'copy', t('zones.copy'), { inputmode: 'numeric',
        maxlength: 9 }),
      make('button', { type: 'button', onclick: () => {
        this.#zones.splice(i, 1);
        this.#chosen = 0;
        this.#rows();
        this.#draw();
      } }, t('zones.remove')))));
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    const at = document.activeElement?.dataset?.corner;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(...this.#zones.flatMap((zone, i) => {
      const points = zone.points.map(([x, y]) => [x * width, y * height]);
      const is = i === this.#chosen;
      const area = draw('polygon', { class: is ? 'zone chosen' : 'zone',
        points: points.map((pair) => pair.join()).join(' ') });
      area.addEventListener('pointerdown', () => {
        this.#chosen = i;
        this.#draw();
      });
      const [x, y] = points[0];
      return [area, draw('text', { x: x + 14, y: y + 22 }, zone.name),
        ...is ? points.map((pair, n) => this.#corner(zone, n, pair)) : []];
    }));
    if (at !== undefined) this.#focus(+at);
  }

  #focus(n) {
    this.#svg.querySelector(`[data-corner="${n}"]`)?.focus();
  }

  #corner(zone, n, [x, y]) {
    const [left, top] = zone.points[n];
    const corner = draw('circle', { class: 'corner', cx: x, cy: y, r: 13,
      tabindex: 0, role: 'button', 'data-corner': n,
      'aria-label': t('zones.corner', { n: n + 1, zone: zone.name,
        x: percent(left), y: percent(top) }) });
    corner.addEventListener('keydown', (event) => this.#key(event, zone, n));
    corner.addEventListener('pointerdown', (event) =>
      this.#drag(event, zone, n));
    return corner;
  }

  #move(zone, n, x, y) {
    zone.points[n] = [round(x), round(y)];
    this.#draw();
  }

  #key(event, zone, n) {
    const step = event.shiftKey ? FINE : STEP;
    const [x, y] = zone.points[n];
    const does = {
      ArrowLeft: () => this.#move(zone, n, x - step, y),
      ArrowRight: () => this.#move(zone, n, x + step, y),
      ArrowUp: () => this.#move(zone, n, x, y - step),
      ArrowDown: () => this.#move(zone, n, x, y + step),
      Enter: () => this.#insert(zone, n),
      Delete: () => this.#cut(zone, n),
      Backspace: () => this.#cut(zone, n),
    }[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  }

  // A corner more, half way to the next.
  #insert(zone, n) {
    if (zone.points.length === MOST_CORNERS) return;
    const [[ax, ay], [bx, by]] = [zone.points[n],
      zone.points[(n + 1) % zone.points.length]];
    zone.points.splice(n + 1, 0, [round((ax + bx) / 2), round((ay + by) / 2)]);
    this.#draw();
    this.#focus(n + 1);
  }

  #cut(zone, n) {
    if (zone.points.length === LEAST_CORNERS) return;
    zone.points.splice(n, 1);
    this.#draw();
    this.#focus(Math.min(n, zone.points.length - 1));
  }

  #drag(event, zone, n) {
    event.preventDefault();
    const box = this.#stage.getBoundingClientRect();
    const pull = (at) => this.#move(zone, n, (at.clientX - box.left)
      / box.width, (at.clientY - box.top) / box.height);
    const end = () => {
      removeEventListener('pointermove', pull);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
    };
    addEventListener('pointermove', pull);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
    this.#focus(n);
  }

  async #save() {
    say(this.#alert, '');
    say(this.#said, '');
    const zones = this.#zones.map(({ name, bait, copy, points }) =>
      [...[name || '?', bait || '-', copy || '-'].map(oneWord),
        ...points.map((at) => at.join())].join(' ')).join('\n');
    try {
      await ask('/api/zones', { camera: this.#camera.name, zones });
      say(this.#said, t('zones.saved'));
    } catch (error) {
      if (!error.error) throw error;
      say(this.#alert, error.message);
    }
  }
}
customElements.define('sting-zones', Zones);
