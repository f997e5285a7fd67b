// What happened in one stretch of time: all of them, or one.
import './play.mjs';
import './strip.mjs';
import { ask } from './api.mjs';
import { Choice } from './choice.mjs';
import { clockWords, lasting, make, moment, renew } from './dom.mjs';
import { Pulse } from './pulse.mjs';
import { Reading } from './reading.mjs';
import { noteForm, sayForm } from './say_so.mjs';
import { Span } from './span.mjs';
import { t, word } from './text.mjs';
import { listed, placeOf } from './timeline.mjs';
import { begin, kindOf } from './told.mjs';

const AROUND = 30000;
const SAYERS = ['operator', 'custodian', 'admin'];
const READERS = ['custodian', 'admin'];
const COLUMNS = ['number', 'when', 'took', 'where', 'what', 'said'];

const where = ({ camera, zone, bait }) =>
  [camera, zone, bait].filter(Boolean).join(', ');

const lasted = (incident) => {
  const length = lasting((Date.parse(incident.to) - begin(incident)) / 1000);
  return incident.is_cut ? t('incident.atLeast', { length }) : length;
};

const took = (incident) => (incident.to
  ? lasted(incident)
  : t(incident.is_cut ? 'incident.cut' : 'incident.goes'));

const said = ({ mark }) => (mark ? word('mark', mark) : t('incident.unseen'));

const row = (incident) => make('tr', { class: incident.tier },
  make('th', { scope: 'row' }, make('a',
    { href: `#/incidents/${incident.incident}` }, `${incident.incident}`)),
  [moment(begin(incident)), took(incident), where(incident),
    word('kind', kindOf(incident.word, incident.tier)), said(incident)].map((text) =>
    make('td', {}, text)));

// How many of the same kind and place there were, and what they were: of the
// newest that are told.
const share = (one, all) => {
  const like = all.filter(({ camera, zone, word: kind }) =>
    camera === one.camera && zone === one.zone && kind === one.word);
  const marked = (name) => like.filter(({ mark }) => mark === name).length;
  return t('incident.share', { n: like.length, alarm: marked('alarm'),
    known: marked('known') });
};

const counts = (all) => t('incident.counts', { n: all.length,
  touch: all.filter(({ tier }) => tier === 'touch').length,
  alarm: all.filter(({ mark }) => mark === 'alarm').length,
  open: all.filter(({ mark }) => !mark).length });

// What a note says, where it may be read; else that it is sealed.
function wordsOf({ what, line, by }, notes) {
  const note = notes.find((one) => one.line === line);
  if (note) {
    return make('blockquote', {}, note.who && note.who !== by
      ? make('strong', {}, `${note.who}: `) : '', note.text);
  }
  return what === 'note' ? make('span', { class: 'hint' },
    by ? t('note.sealed.by', { by }) : t('note.sealed')) : '';
}

class Incidents extends Pulse {
  #body = make('div', {});
  #told = '';
  #facts = null;
  #events = null;
  #strip = null;
  #around = null;
  #play = null;
  #reading = new Reading('notes', () => this.look());
  #how = make('p', { class: 'hint' }, t('note.how'));

  connectedCallback() {
    this.append(this.#body);
    super.connectedCallback();
  }

  every_ms() { return 2000; }

  async look() {
    const [, number] = /^#\/incidents\/(\d+)$/.exec(location.hash) ?? [];
    const got = await ask(`/api/incidents${number
      ? `?incident=${number}` : ''}`);
    if (number) {
      got.all = (await ask('/api/incidents')).incidents;
      got.opened = this.#reads() ? await ask('/api/notes')
        : { notes: [], waiting: 0 };
    }
    const now = JSON.stringify(got);
    if (now === this.#told) return; // who reads is not disturbed
    this.#told = now;
    if (number) {
      this.#one(got);
    } else {
      this.#all(got.incidents);
    }
  }

  #reads() {
    return READERS.includes(this.session.role);
  }

  #all(incidents) {
    const table = make('div', { class: 'wide', tabindex: 0, role: 'region',
      'aria-label': t('incident.title') }, make('table', {},
      make('thead', {}, make('tr', {}, COLUMNS.map((name) => make('th',
        { scope: 'col' }, t(`incident.${name}`))))),
      make('tbody', {}, incidents.map(row))));
    renew(this.#body, make('h1', {}, t('incident.title')),
      make('p', {}, incidents.length ? counts(incidents)
        : t('incident.none')), incidents.length ? table : '');
  }

  // Built once, so that who writes into it is not disturbed; then told.
  #build(number) {
    const may = SAYERS.includes(this.session.role);
    this.#facts = make('dl', { class: 'facts' });
    this.#events = make('ol', { class: 'happened' });
    this.#strip = make('sting-strip');
    this.#around = make('a', {}, t('time.title'));
    this.#play = Object.assign(make('sting-play'), { session: this.session,
      incident: number });
    const choice = new Choice(this.#strip, this.#play);
    this.#body.replaceChildren(
      make('p', {}, make('a', { href: '#/incidents' }, t('incident.all'))),
      make('h1', {}, t('incident.one', { n: number })), this.#facts,
      make('h2', {}, t('incident.around')), this.#strip,
      choice.section, make('p', {}, this.#around), this.#play,
      make('h2', {}, t('incident.told')),
      this.#events, this.#how, this.#reading.section, may ? sayForm(number, () => this.look()) : '',
      may ? noteForm(number, () => this.look()) : '');
  }

  #one({ incidents: [incident], clock_ms: clock, events, all, opened }) {
    const facts = [['when', moment(begin(incident))],
      ['took', took(incident)], ['where', where(incident)],
      ['clock', clockWords(clock) || t('clock.silent')],
      ['what', word('kind', kindOf(incident.word, incident.tier))], ['said', said(incident)],
      ['before', share(incident, all)]];
    const span = new Span(begin(incident) - AROUND,
      Date.parse(incident.to ?? incident.at) + AROUND);
    if (!this.#facts) this.#build(incident.incident);
    this.#facts.replaceChildren(...facts.map(([name, words]) => make('div',
      {}, make('dt', {}, t(`incident.${name}`)), make('dd', {}, words))));
    this.#around.href = placeOf(span.from, span.to);
    renew(this.#events, events.length ? listed(events, null,
      (event) => wordsOf(event, opened.notes))
      : [make('li', {}, t('incident.silent'))]);
    this.#reading.tell(opened.waiting);
    this.#how.hidden = !this.#reads() || opened.waiting > 0
      || !events.some(({ what, line }) => what === 'note'
        && !opened.notes.some((one) => one.line === line));
    this.#strip.show(span, begin(incident));
  }
}
customElements.define('sting-incidents', Incidents);
