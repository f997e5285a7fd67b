// The incidents that go on, the gravest first.
import { clock, make, renew } from './dom.mjs';
import { t, word } from './text.mjs';

// Touches before people, and of these the newest.
export const gravestFirst = (incidents) => [...incidents].sort((a, b) =>
  (b.tier === 'touch') - (a.tier === 'touch')
  || Date.parse(b.start) - Date.parse(a.start));

export const openWords = ({ incident, camera, kind, start }) =>
  t('open.incident', { n: incident, camera, at: clock(start),
    what: word('camera', kind) });

const line = (one) => make('li', {}, make('a',
  { href: `#/incidents/${one.incident}` }, openWords(one)));

export class Open {
  list = make('ul', { class: 'incident', hidden: true });
  #told = '';

  // Built anew only when it changes, so that who reads is not disturbed.
  tell(incidents) {
    const told = JSON.stringify(incidents);
    if (told === this.#told) return;
    this.#told = told;
    this.list.hidden = incidents.length === 0;
    renew(this.list, gravestFirst(incidents).map(line));
  }
}
