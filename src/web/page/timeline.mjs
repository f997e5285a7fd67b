// The whole record as one strip, seconds to months, and as a list.
import './play.mjs';
import './strip.mjs';
import { Choice } from './choice.mjs';
import { make, moment, say } from './dom.mjs';
import { RANGES, Span } from './span.mjs';
import { t } from './text.mjs';
import { begin, look, told } from './told.mjs';

const MOST_LISTED = 100;
const DAY = 86400000;

// The end of an address, "#/timeline/FROM/TO" in milliseconds; or the last
// hour.
function asked() {
  const [, from, to] = /^#\/timeline\/(\d+)\/(\d+)$/.exec(location.hash) ?? [];
  return from ? new Span(+from, +to)
    : new Span(Date.now() - 3540000, Date.now() + 60000);
}

export const placeOf = (from, to) => `#/timeline/${from}/${to}`;

const LEGEND = ['recorded', 'act', 'gap', 'presence', 'touch', 'custody',
  'trace', 'other', 'chosen'];

const legend = () => make('ul', { class: 'legend',
  'aria-label': t('time.legend') }, LEGEND.map((name) => make('li', {},
  make('span', { class: `key ${name}`, 'aria-hidden': 'true' }),
  t(`legend.${name}`))));

// With a button where `show` is given; `words` is what else is said of one.
export function listed(events, show, words = () => '') {
  return events.slice(0, MOST_LISTED).map((event) => make('li',
    { class: look(event) }, make('time', { datetime: event.from ?? event.at },
      moment(begin(event))), ' ', event.what === 'incident'
      ? make('a', { href: `#/incidents/${event.incident}` }, told(event))
      : told(event), ' ', show ? make('button', { type: 'button',
      class: 'small', onclick: () => show(event),
      'aria-label': `${t('time.show')}: ${told(event)}` },
    t('time.show')) : '', words(event)));
}

class Timeline extends HTMLElement {
  #strip = make('sting-strip');
  #play = make('sting-play');
  #span = make('p', { class: 'span' });
  #reading = make('p', { role: 'status' });
  #list = make('ol', { class: 'happened' });
  #more = make('p', {});
  #begin = Date.now() - DAY;

  connectedCallback() {
    const press = (key, act) => make('button', { type: 'button',
      class: 'small', onclick: act }, t(key));
    const strip = this.#strip;
    const ranges = [...RANGES.map(([name, long]) => press(`range.${name}`,
      () => strip.show(new Span(strip.at - long / 2, strip.at + long / 2)))),
    press('range.all', () => strip.show(new Span(this.#begin, Date.now())))];
    const moves = [
      press('time.earlier', () => strip.show(strip.span.moved(-0.5))),
      press('time.later', () => strip.show(strip.span.moved(0.5))),
      press('time.closer', () => strip.show(strip.span.zoomed(0.5, strip.at))),
      press('time.wider', () => strip.show(strip.span.zoomed(2, strip.at)))];
    this.#play.session = this.session;
    const choice = new Choice(strip, this.#play);
    this.append(make('h1', {}, t('time.title')),
      make('div', { class: 'tools', role: 'group',
        'aria-label': t('time.ranges') }, ranges, moves),
      this.#span, strip, legend(), make('p', { class: 'hint' },
        t('time.hint')), choice.section, this.#reading, this.#play,
      make('h2', {}, t('time.happened')), this.#list, this.#more);
    strip.addEventListener('record', ({ detail }) => this.#take(detail));
    strip.show(asked());
  }

  #take(got) {
    const { from, to } = got.span;
    history.replaceState(null, '', placeOf(from, to));
    if (got.begin) this.#begin = Date.parse(got.begin);
    say(this.#span, t('time.span', { from: moment(from), to: moment(to) }));
    say(this.#reading, got.is_whole ? '' : t('time.reading'));
    const left = got.more + Math.max(0, got.events.length - MOST_LISTED);
    say(this.#more, got.events.length === 0 ? t('time.nothing')
      : left ? t('time.more', { n: left }) : '');
    this.#list.replaceChildren(...listed(got.events, (event) => {
      this.#strip.show(new Span(begin(event) - 30000, Math.max(
        begin(event) + 30000, Date.parse(event.to ?? event.at) + 30000)),
      begin(event));
      this.#strip.slide.focus();
    }));
  }
}
customElements.define('sting-timeline', Timeline);
