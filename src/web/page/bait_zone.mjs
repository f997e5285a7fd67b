// One document under a camera: its picture, and what can be said of it.
import './live.mjs';
import { SHAPES, stateOf } from './camera.mjs';
import { clock, draw, make, moment, renew, say } from './dom.mjs';
import { t, word } from './text.mjs';
import { begin, told } from './told.mjs';
import { windowOf } from './zone_window.mjs';

const MOST_LATELY = 5;
const HANDS = ['lifted', 'moved', 'turned', 'changed', 'gone'];
const GRAVE = ['lost', 'paused', 'page', 'tamper', 'loss'];
const percent = (part) => (part * 100).toFixed(part < 0.1 ? 1 : 0);

const title = ({ bait, copy }) =>
  (copy ? t('table.copy', { bait, copy }) : bait);

// The gravest that is so now: a look, and words; true if they are those of an
// incident.
function stateNow(camera, zone, incident) {
  const page = zone.page ?? null;
  const here = incident?.camera === camera.name
    && (!incident.zone || incident.zone === zone.name);
  const name = stateOf(camera, here ? incident : null);
  if (camera.state !== 'on') {
    return [GRAVE.includes(name) ? 'grave' : 'busy', word('camera', name)];
  }
  if (HANDS.includes(page?.state)) { // by itself it is no touch
    return [here ? 'grave' : 'busy', t('table.since', { what: word('paper', page.state),
      at: clock(page.since) })];
  }
  if (here) {
    return [GRAVE.includes(name) ? 'grave' : 'busy', t('table.since',
      { what: word('camera', name), at: clock(incident.start) }), true];
  }
  if (page?.state === 'no-sheet') {
    return ['busy', t('table.since', { what: word('paper', page.state),
      at: clock(page.since) })];
  }
  return ['dark', 'blind'].includes(zone.sight.state)
    ? ['grave', t(`table.${zone.sight.state}`)]
    : ['quiet', t('table.nobody')];
}

function lying({ page, copy }) {
  if (page.page) {
    return t(copy ? 'table.page.copy' : 'table.page.n', { n: page.page, copy });
  }
  return page.basis === 'found' ? t('table.page.found') : word('paper', 'in-view');
}

function paper({ page, copy }) {
  if (!page) return null;
  const what = page.state === 'in-view' ? lying({ page, copy })
    : word('paper', page.state);
  return t('table.since', { what, at: clock(page.since) });
}

const persons = (camera, incident) => (incident?.camera === camera.name
  && incident.persons ? t(incident.persons > 1 ? 'table.persons.n'
    : 'table.persons.one', { n: incident.persons }) : null);

const flashes = ({ page }) => (!page ? null : [
  page.flashes ? t('table.flashes', { n: page.flashes }) : null,
  page.screen ? t('table.screen') : null].filter(Boolean).join(', ') || null);

function seen({ sight }) {
  if (sight.state === 'unknown') return t('sight.unknown');
  return `${word('sight', sight.state)} ${t('table.least', {
    contrast: percent(sight.contrast), size: percent(sight.size) })}`;
}

const detail = ({ sight }) => (sight.px_a_metre ? t('table.pixels', {
  n: Math.round(sight.px_a_metre), what: word('class', sight.class) }) : null);

const facts = (camera, zone, incident) => [
  ['page', paper(zone)],
  ['persons', persons(camera, incident)],
  ['light', ['on', 'learning'].includes(camera.state)
    ? seen(zone) : null],
  ['detail', detail(zone)],
  ['lights', flashes(zone)],
].filter(([, words]) => words);

const lately = (camera, zone, events) => events?.filter((event) =>
  ['incident', 'page'].includes(event.what) && event.camera === camera.name
  && (!event.zone || event.zone === zone.name)).slice(0, MOST_LATELY) ?? null;

class BaitZone extends HTMLElement {
  #picture = make('div', { class: 'cut' });
  #shape = make('span', { class: 'shape', 'aria-hidden': 'true' });
  #state = make('span', {});
  #facts = make('dl', { class: 'seen' });
  #lately = make('ol', { class: 'happened' });
  #title = make('h2', {});
  #where = make('p', { class: 'hint' });
  #cut = '';
  #isOf = false;
  #listed = '';

  get words() { return this.firstChild ? this.#state.textContent : undefined; }

  get isOfIncident() { return this.#isOf; }

  tell(camera, zone, incident, events) {
    const [look, words, isOf = false] = stateNow(camera, zone, incident);
    this.#isOf = isOf;
    if (!this.firstChild) this.#build();
    this.setAttribute('aria-label', title(zone));
    this.dataset.look = look;
    say(this.#title, title(zone));
    say(this.#where, t('table.where', { zone: zone.name, camera: camera.name }));
    say(this.#shape, SHAPES[look]);
    say(this.#state, words);
    this.#show(camera, zone);
    this.#list(facts(camera, zone, incident), lately(camera, zone, events));
  }

  #build() {
    this.setAttribute('role', 'group');
    this.append(this.#picture, this.#title, this.#where, make('p',
      { class: 'state' }, this.#shape, this.#state), this.#facts,
    make('h3', {}, t('table.lately')), this.#lately);
  }

  // The camera's picture, of which only what is around the zone is seen.
  #show({ name, width, height }, { points }) {
    const cut = JSON.stringify([name, width, height, points]);
    if (cut === this.#cut) return;
    this.#cut = cut;
    const [wide, high] = [width ?? 16, height ?? 9];
    const at = windowOf(points, wide, high);
    const live = make('sting-live', { camera: name });
    Object.assign(this.#picture.style,
      { aspectRatio: `${at.width * wide} / ${at.height * high}` });
    Object.assign(live.style, { left: `${-100 * at.x / at.width}%`,
      top: `${-100 * at.y / at.height}%`, width: `${100 / at.width}%`,
      height: `${100 / at.height}%` });
    const outline = draw('svg', { viewBox: [at.x * wide, at.y * high,
      at.width * wide, at.height * high].join(' '), 'aria-hidden': 'true' },
    draw('polygon', { points: points.map(([x, y]) =>
      `${x * wide},${y * high}`).join(' ') }));
    this.#picture.replaceChildren(live, outline);
  }

  #list(rows, events) {
    const now = JSON.stringify([rows, events]);
    if (now === this.#listed) return; // who reads is not disturbed
    this.#listed = now;
    this.#facts.replaceChildren(...rows.map(([name, words]) => make('div', {},
      make('dt', {}, t(`table.${name}`)), make('dd', {}, words))));
    renew(this.#lately, events?.length ? events.map((event) =>
      make('li', { class: event.tier }, make('time',
        { datetime: event.from ?? event.at }, moment(begin(event))), ' ',
      event.incident ? make('a', { href: `#/incidents/${event.incident}` },
        told(event)) : told(event))) : [make('li', {},
      t(events ? 'table.calm' : 'time.reading'))]);
  }
}
customElements.define('sting-bait-zone', BaitZone);
