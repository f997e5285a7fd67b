// One camera of the wall: what it sees, told in words.
import './live.mjs';
import { clock, clockWords, make, say } from './dom.mjs';
import { t, word } from './text.mjs';
import { kindOf } from './told.mjs';

export const SHAPES = { quiet: '\u25cf', busy: '\u25c6', grave: '\u25b2',
  off: '\u25a0' };
const LOOKS = { on: 'quiet', learning: 'busy', connecting: 'busy',
  lost: 'grave', paused: 'grave', over: 'off', person: 'busy', page: 'grave',
  'page-alone': 'busy', tamper: 'grave', loss: 'grave', light: 'busy',
  dark: 'grave', blind: 'grave' };

// "lost", "person", "on": the gravest that can be said of it now.
export function stateOf(camera, incident) {
  const here = incident?.camera === camera.name && (camera.state === 'on'
    || (camera.state === 'tamper' && incident.kind === 'page'));
  return here ? kindOf(incident.kind, incident.tier) : camera.state;
}

// In all of its picture, and nothing else is to be said.
const seesNobody = (camera, incident) => stateOf(camera, incident) === 'on'
  && ['dark', 'blind'].includes(camera.sight.state);

const nameOf = (camera, incident) => (seesNobody(camera, incident)
  ? camera.sight.state
  : stateOf(camera, incident));

export const stateWords = (camera, incident) =>
  word('camera', nameOf(camera, incident));

function zoneWords({ name, bait, copy }) {
  if (!bait) return name;
  return copy ? t('camera.zone', { zone: name, bait, copy })
    : t('camera.zone.bait', { zone: name, bait });
}

function remarks(camera) {
  const since = camera.lost_since
    ? t('camera.since', { at: clock(camera.lost_since) }) : null;
  const isOff = Math.abs(camera.clock_ms ?? 0) > 2000;
  return [camera.why, camera.remark,
    isOff ? t('camera.clock', { off: clockWords(camera.clock_ms) }) : null,
    since,
    camera.sizes_tell === false ? t('camera.sizes') : null,
    t(camera.is_recorded ? 'camera.recorded' : 'camera.unrecorded'),
    camera.is_masked ? t('camera.masked') : null,
    camera.width ? `${camera.width} \u00d7 ${camera.height}` : null,
    ...camera.zones.map(zoneWords)].filter(Boolean);
}

class Camera extends HTMLElement {
  #shape = make('span', { class: 'shape', 'aria-hidden': 'true' });
  #words = make('span', {});
  #remarks = make('ul', { class: 'remarks' });

  connectedCallback() {
    this.setAttribute('role', 'group');
  }

  // What is so now.
  tell(camera, incident) {
    const look = LOOKS[nameOf(camera, incident)] ?? 'off';
    if (!this.firstChild) {
      this.setAttribute('aria-label', camera.name);
      this.append(make('sting-live', { camera: camera.name }), make('h3', {}, camera.name), make('p', { class: 'state' },
        this.#shape, this.#words), this.#remarks);
    }
    this.dataset.look = look;
    say(this.#shape, SHAPES[look]);
    say(this.#words, stateWords(camera, incident));
    const lines = remarks(camera);
    if (this.#remarks.innerText !== lines.join('\n')) {
      this.#remarks.replaceChildren(...lines.map((line) =>
        make('li', {}, line)));
    }
  }
}
customElements.define('sting-camera', Camera);
