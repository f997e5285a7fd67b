// Is everything working? Cameras, channels, outsiders, workers, the record;
// and what the station told.
import { ask } from './api.mjs';
import { clock, lasting, make, moment, say } from './dom.mjs';
import { Herald } from './herald.mjs';
import { Pulse } from './pulse.mjs';
import { Rows } from './rows.mjs';
import { stationFacts, tellFacts } from './station.mjs';
import { t, word } from './text.mjs';

const names = (keys) => keys.map((key) => t(`health.${key}`));

const when = (at) => (at ? moment(at) : t('health.never'));

// A failure, and when; or that there was none.
const failure = (at, why) => (at ? t('health.what',
  { at: moment(at), why: why ?? '' }) : t('health.none'));

// It failed, and nothing has gone well since.
const isDown = (failed, good) => Boolean(failed)
  && (!good || Date.parse(failed) > Date.parse(good));

const looks = (isGrave) => (isGrave ? 'grave' : 'quiet');

const newest = ({ frame_age_ms: ms }, { last_frame: at }) => (ms === null
  ? when(at) : t('health.ago', { ms }));

function cameraRow(camera, lost) {
  return { look: looks(camera.state === 'lost' || camera.state === 'paused'),
    words: [camera.name, word('camera', camera.state), newest(camera, lost),
      `${lost.losses}`, lost.gaps ? t('health.gaps.n',
        { n: lost.gaps, long: lasting(lost.gap_s) }) : t('health.none'),
      camera.width ? `${camera.width} \u00d7 ${camera.height}, ${camera.codec}`
        : '', camera.why ?? ''] };
}

const channelRow = (channel) => ({
  look: looks(isDown(channel.failed, channel.sent)),
  words: [channel.name, `${channel.waiting}`, when(channel.sent),
    failure(channel.failed, channel.why)] });

const outsiderRow = (one) => ({ look: looks(isDown(one.failed, one.vouched)),
  words: [one.name, t(one.waits ? 'health.asked.yes' : 'health.asked.no'),
    one.vouched ? t('health.vouched.for', { at: moment(one.vouched),
      n: one.lines }) : t('health.never'), failure(one.failed, one.why)] });

// Those that run only while somebody asks for something.
const NOW_AND_THEN = ['stills', 'playing', 'names', 'glimpse',
  'converting'];

const workerLook = ({ since, of, deaths }) => (!since
  && !NOW_AND_THEN.includes(of) ? 'grave' : deaths ? 'busy' : 'quiet');

const workerRow = (one) => ({ look: workerLook(one),
  words: [one.name, t(`part.${one.of}`, { camera: one.camera }),
    one.since ? moment(one.since) : t('health.runs.not'),
    `${Math.max(0, one.starts - 1)}`, `${one.deaths}`, failure(one.last, one.why)] });

const signedFact = ({ at, lines }) => [t('health.signed'), at
  ? t('health.signed.to', { n: lines, at: clock(at) })
  : t('health.signed.not'), 'quiet'];

class Health extends Pulse {
  #cameras = new Rows(t('health.cameras'), names(['camera', 'state', 'newest',
    'losses', 'gaps', 'picture', 'why']), t('camera.none'));
  #channels = new Rows(t('health.channels'), names(['channel', 'waiting',
    'sent', 'failed']), t('health.nobody'));
  #outsiders = new Rows(t('health.outsiders'), names(['outsider', 'asked',
    'vouched', 'failed']), t('health.alone'));
  #workers = new Rows(t('health.workers'), names(['worker', 'for', 'runs',
    'starts', 'deaths', 'death']), t('health.none'));
  #facts = make('dl', { class: 'facts' });
  #told = make('ol', { class: 'told', reversed: true });
  #since = make('p', {});
  #herald = new Herald();
  #last = 0;

  connectedCallback() {
    this.append(make('h1', {}, t('health.title')), this.#since, this.#facts,
      ...[this.#cameras, this.#channels, this.#outsiders, this.#workers]
        .map(({ section }) => section),
      make('h2', {}, t('health.told')), this.#told, ...this.#herald.regions);
    super.connectedCallback();
  }

  every_ms() { return 2000; }

  async look() {
    const [state, parts] = await Promise.all([ask('/api/state'),
      ask('/api/health')]);
    this.#herald.tell(state.incidents);
    say(this.#since, `${t('health.since')} ${moment(state.station.since)}`);
    tellFacts(this.#facts, [...stationFacts(state), signedFact(parts.signed)]);
    this.#cameras.tell(state.cameras.map((camera) => cameraRow(camera,
      parts.cameras.find(({ name }) => name === camera.name)
        ?? { losses: 0, gaps: 0 })));
    this.#tellAll(this.#channels, parts.channels, channelRow);
    this.#tellAll(this.#outsiders, parts.outsiders, outsiderRow);
    this.#workers.tell(parts.workers.map(workerRow));
    await this.#tellEvents();
  }

  // What is for who sees all cameras: null, and not shown, to others.
  #tellAll(table, list, row) {
    table.section.hidden = list === null;
    if (list) table.tell(list.map(row));
  }

  async #tellEvents() {
    const { last, events } = await ask(`/api/events?after=${this.#last}`);
    this.#last = last;
    this.#told.prepend(...events.reverse().map((event) => make('li',
      { value: event.n }, make('time', { datetime: event.at },
        clock(event.at)), ' ', event.text)));
  }
}
customElements.define('sting-health', Health);
