// All cameras, and whether the station itself is well.
import './camera.mjs';
import { ask } from './api.mjs';
import { stateWords } from './camera.mjs';
import { make, say } from './dom.mjs';
import { Duty } from './duty.mjs';
import { Herald } from './herald.mjs';
import { Open } from './open.mjs';
import { Pulse } from './pulse.mjs';
import { stationFacts, tellFacts } from './station.mjs';
import { t } from './text.mjs';

class Wall extends Pulse {
  #cameras = new Map(); // name: its element
  #said = new Map();    // name: the words last seen, but for incidents
  #grid = make('div', { class: 'cameras' });
  #facts = make('dl', { class: 'facts' });
  #open = new Open();
  #herald = new Herald();
  #duty = new Duty();
  #changes = make('p', { class: 'unseen', role: 'status' });

  connectedCallback() {
    this.append(make('h1', { class: 'unseen' }, t('nav.wall')),
      this.#open.list, make('h2', {}, t('wall.cameras')), this.#grid,
      make('h2', {}, t('wall.station')), this.#facts,
      this.#duty.mayBeSaidBy(this.session) ? this.#duty.section : '',
      this.#changes, ...this.#herald.regions);
    super.connectedCallback();
  }

  async look() {
    const state = await ask('/api/state');
    this.#herald.tell(state.incidents);
    this.#open.tell(state.incidents);
    this.#tellCameras(state);
    this.#duty.tell(state.alerts, () => this.look());
    tellFacts(this.#facts, stationFacts(state));
  }

  #tellCameras({ cameras, incidents }) {
    const changed = [];
    if (cameras.length === 0) say(this.#grid, t('camera.none'));
    for (const camera of cameras) {
      let tile = this.#cameras.get(camera.name);
      if (!tile) {
        tile = make('sting-camera');
        this.#cameras.set(camera.name, tile);
        this.#grid.append(tile);
      }
      const incident = incidents.find((one) => one.camera === camera.name);
      tile.tell(camera, incident);
      const words = stateWords(camera);
      const before = this.#said.get(camera.name);
      if (before !== undefined && before !== words) {
        changed.push(t('wall.changed', { camera: camera.name, state: words }));
      }
      this.#said.set(camera.name, words);
    }
    if (changed.length) say(this.#changes, changed.join('. '));
  }
}
customElements.define('sting-wall', Wall);
