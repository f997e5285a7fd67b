// The incidents that go on, the gravest first.
import { clock, make } from './dom.mjs';
import { t, word } from './text.mjs';

// Touches before people, and of these the newest.
export const gravestFirst = (incidents) => [...incidents].sort((a, b) =>
  (b.tier === 'touch') - (a.tier === 'touch')
  || Date.parse(b.start) - Date.parse(a.start));

const line = ({ incident, camera, kind, start }) => make('li', {}, make('a',
  { href: `#/incidents/${incident}` }, t('open.incident', { n: incident,
    camera, at: clock(start), what: word('camera', kind) })));

export class Open {
  list = make('ul', { class: 'incident', hidden: true });
  #told = '';

  // Built anew only when it changes, so that who reads is not disturbed.
  tell(incidents) {
    const told = JSON.stringify(incidents);
    if (told === this.#told) return;
    this.#told = told;
    this.list.hidden = incidents.length === 0;
    this.list.replaceChildren(...gravestFirst(incidents).map(line));
  }
}
