// Documents and copies: what stands in the ledger in clear.
import { ask } from './api.mjs';
import { make, moment, renew } from './dom.mjs';
import { Photos } from './photos.mjs';
import { Pulse } from './pulse.mjs';
import { Reading } from './reading.mjs';
import { t, word } from './text.mjs';

const COLUMNS = ['copy', 'holder', 'issued', 'handover', 'camera'];
const ROLES = ['custodian', 'admin'];
const MOST_ROWS = 500;

const numbers = ({ batches }) => batches.map(({ first, count }) =>
  (count === 1 ? `${first}` : `${first}\u2013${first + count - 1}`)).join(', ');

// What a photograph will tell, as it was shown.
const strengthOf = (strength, { name }) => strength.filter(({ bait }) =>
  bait === name).map((one) => t('bait.tells', { setting: word('setting',
  one.setting), part: word('part', one.part), n: one.names, leads: one.leads,
  pages: one.pages }));

function facts(bait) {
  return [
    ['added', bait.added ? moment(bait.added) : null],
    ['pages', `${bait.pages}`],
    ['copies', bait.copies ? t('bait.copies.n',
      { n: bait.copies, which: numbers(bait) }) : t('bait.copies.none')],
    ['facts', bait.has_facts ? t('bait.facts.yes') : null],
  ].filter(([, words]) => words);
}

// Where a camera watches a copy.
const watched = (cameras, { name }, copy) => cameras.flatMap((camera) =>
  camera.zones.filter((zone) => zone.bait === name && zone.copy === copy)
    .map((zone) => `${camera.name}, ${zone.name}`)).join('; ');

function handed({ handovers }, copy) {
  const is = handovers.find((one) => one.copy === copy);
  if (!is) return t('bait.unconfirmed');
  return [is.at ? `${word('handover', is.state)}, ${moment(is.at)}`
    : t('bait.unconfirmed'), is.after_trace ? t('bait.traced') : null,
  is.refused ? t('bait.refused',
    { n: is.refused }) : null, is.shown ? t('bait.shown',
    { n: is.shown }) : null].filter(Boolean).join('; ');
}

function copiesOf(bait, cameras, holders) {
  const rows = bait.batches.flatMap(({ first, count, at }) => [...Array(
    Math.min(count, MOST_ROWS))].map((_, i) => [first + i, at]))
    .slice(0, MOST_ROWS);
  const left = bait.copies - rows.length;
  return [make('div', { class: 'wide', tabindex: 0, role: 'region',
    'aria-label': t('bait.table', { bait: bait.name }) }, make('table', {},
    make('thead', {}, make('tr', {}, COLUMNS.map((name) => make('th',
      { scope: 'col' }, t(`bait.${name}`))))),
    make('tbody', {}, rows.map(([copy, at]) => make('tr', {}, make('th',
      { scope: 'row' }, `${copy}`), [holders.get(copy) ?? t('bait.sealed'), moment(at),
      handed(bait, copy),
      watched(cameras, bait, copy)].map((text) => make('td', {}, text))))))),
  left > 0 ? make('p', {}, t('bait.more', { n: left })) : ''];
}

const section = (bait, { cameras, holders, strength }) => make('section',
  { 'aria-label': bait.name }, make('h2', {}, bait.name),
  make('dl', { class: 'facts' }, facts(bait).map(([name, words]) => make('div',
    {}, make('dt', {}, t(`bait.${name}`)), make('dd', {}, words)))),
  make('h3', {}, t('bait.strength')), make('ul', {}, (strengthOf(strength, bait)
    .length ? strengthOf(strength, bait) : [t('bait.unshown')]).map((words) =>
    make('li', {}, words))),
  bait.copies ? copiesOf(bait, cameras, holders) : '');

class Bait extends Pulse {
  #list = make('div', {});
  #told = '';
  #photos = new Photos();
  #reading = new Reading('names', () => this.look(), 'h2');

  connectedCallback() {
    this.append(make('h1', {}, t('nav.bait')), this.#reading.section,
      this.#traces() ? this.#photos.section : '', this.#list);
    super.connectedCallback();
  }

  every_ms() { return 2000; }

  #traces() { return ROLES.includes(this.session.role); }

  async look() {
    const { names, strength, waiting, is_read: isRead } = this.#traces()
      ? await ask('/api/names') : { names: [], strength: [], waiting: 0 };
    const holders = new Map(names.map(({ copy, holder }) => [copy, holder]));
    if (this.#traces()) {
      const hasReport = await this.#photos.look({ holders, reads: isRead,
        waits: waiting > 0 });
      this.#reading.tell(waiting || (hasReport && !isRead ? 1 : 0),
        waiting ? 'names' : 'report');
    }
    const [{ baits, is_whole: isWhole }, { cameras }] = await Promise.all(
      [ask('/api/baits'), ask('/api/state')]);
    const told = JSON.stringify([baits, isWhole, names, strength,
      cameras.map(({ name, zones }) => [name, zones.map((zone) =>
        [zone.name, zone.bait, zone.copy])])]);
    if (told === this.#told) return; // who reads is not disturbed
    this.#told = told;
    renew(this.#list, isWhole ? '' : make('p', { role: 'status' },
      t('time.reading')), ...baits.length
      ? baits.map((bait) => section(bait, { cameras, holders, strength }))
      : [make('p', {}, t('bait.none'))]);
  }
}
customElements.define('sting-bait', Bait);
