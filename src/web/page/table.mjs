// The table: the bait as the cameras see it now.
import './bait_zone.mjs';
import { ask } from './api.mjs';
import { make, say } from './dom.mjs';
import { Go } from './go.mjs';
import { Herald } from './herald.mjs';
import { Open } from './open.mjs';
import { Pulse } from './pulse.mjs';
import { t } from './text.mjs';

const BACK_MS = 24 * 3600000;
const stamp = (at) => encodeURIComponent(new Date(at).toISOString());

const ofTable = ({ cameras }) => cameras.flatMap((camera) => camera.zones
  .filter(({ bait }) => bait).map((zone) => ({ camera, zone })));

class Table extends Pulse {
  #zones = new Map(); // "camera/zone": its element
  #grid = make('div', { class: 'bait-zones' });
  #open = new Open();
  #go = new Go();
  #herald = new Herald();
  #none = make('p', { hidden: true }, t('table.none'));
  #changes = make('p', { class: 'unseen', role: 'status' });
  #told = -1; // how much the station had told when it was last looked back
  #events = null; // while the ledger is still being read

  connectedCallback() {
    this.append(make('h1', {}, t('table.title')), this.#open.list,
      this.#none, make('div', { class: 'table-now' }, this.#grid,
        this.#go.mayBeSaidBy(this.session) ? this.#go.section : ''),
      this.#changes, ...this.#herald.regions);
    super.connectedCallback();
  }

  async look() {
    const state = await ask('/api/state');
    if (state.events !== this.#told) await this.#lookBack(state);
    this.#herald.tell(state.incidents);
    this.#open.tell(state.incidents);
    this.#go.tell(state, this.session, () => this.look());
    const rows = ofTable(state);
    this.#none.hidden = rows.length > 0;
    const names = rows.map(({ camera, zone }) => `${camera.name}/${zone.name}`);
    for (const [name, element] of this.#zones) {
      if (!names.includes(name)) {
        element.remove();
        this.#zones.delete(name);
      }
    }
    const changed = rows.flatMap((row, i) => this.#tellZone(names[i], row,
      state.incidents.find(({ camera }) => camera === row.camera.name)));
    if (changed.length) say(this.#changes, changed.join('. '));
  }

  // What happened lately, asked again only when something more was told.
  async #lookBack({ at, events }) {
    const now = Date.parse(at);
    const got = await ask(`/api/timeline?from=${stamp(now - BACK_MS)}`
      + `&to=${stamp(now + 1000)}&parts=1`);
    this.#events = got.is_whole ? got.events : null;
    this.#told = got.is_whole ? events : -1;
  }

  #tellZone(name, { camera, zone }, incident) {
    let element = this.#zones.get(name);
    if (!element) {
      element = make('sting-bait-zone');
      this.#zones.set(name, element);
      this.#grid.append(element);
    }
    const before = element.words;
    const was = element.isOfIncident;
    element.tell(camera, zone, incident, this.#events);
    // What an incident is, and that it is over, its herald says.
    return before === undefined || before === element.words || was
      || element.isOfIncident ? [] : [t('wall.changed',
        { camera: zone.name, state: element.words })];
  }
}
customElements.define('sting-table', Table);
