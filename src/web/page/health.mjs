// Is everything working? Cameras as a table, and what the station told.
import { ask } from './api.mjs';
import { clock, make, moment, say } from './dom.mjs';
import { Pulse } from './pulse.mjs';
import { t, word } from './text.mjs';

const COLUMNS = ['camera', 'state', 'newest', 'picture', 'why'];

const cells = (camera) => [word('camera', camera.state),
  camera.frame_age_ms === null ? '' : t('health.ago',
    { ms: camera.frame_age_ms }),
  camera.width ? `${camera.width} \u00d7 ${camera.height}, ${camera.codec}`
    : '', camera.why ?? ''];

class Health extends Pulse {
  #rows = make('tbody', {});
  #told = make('ol', { class: 'told', reversed: true });
  #since = make('p', {});
  #last = 0;

  connectedCallback() {
    const names = COLUMNS.map((name) => make('th', { scope: 'col' },
      t(`health.${name}`)));
    this.append(make('h1', {}, t('health.title')), this.#since,
      make('div', { class: 'wide', tabindex: 0, role: 'region',
        'aria-label': t('health.cameras') },
      make('table', {}, make('caption', {}, t('health.cameras')),
        make('thead', {}, make('tr', {}, names)), this.#rows)),
      make('h2', {}, t('health.told')), this.#told);
    super.connectedCallback();
  }

  every_ms() { return 2000; }

  async look() {
    const state = await ask('/api/state');
    say(this.#since, `${t('health.since')} ${moment(state.station.since)}`);
    state.cameras.forEach((camera, i) => {
      const words = cells(camera);
      const row = this.#rows.children[i] ?? this.#rows.appendChild(
        make('tr', {}, make('th', { scope: 'row' }, camera.name),
          words.map(() => make('td', {}))));
      words.forEach((text, at) => say(row.children[at + 1], text));
    });
    const { last, events } = await ask(`/api/events?after=${this.#last}`);
    this.#last = last;
    this.#told.prepend(...events.reverse().map((event) => make('li',
      { value: event.n }, make('time', { datetime: event.at },
        clock(event.at)), ' ', event.text)));
  }
}
customElements.define('sting-health', Health);
