// What is new of incidents, said once to readers of screens: a touch at once,
// all else when they have ended their sentence.
import { make, say } from './dom.mjs';
import { openWords } from './open.mjs';
import { t } from './text.mjs';

// Number: tier, as said last; of all pages, so that going from one to another
// says nothing again. Null before the first look, which is read, not said.
let known = null;

export class Herald {
  #calm = make('p', { class: 'unseen', role: 'status' });
  #grave = make('p', { class: 'unseen', role: 'alert' });

  get regions() { return [this.#calm, this.#grave]; }

  tell(incidents) {
    const before = known ?? new Map(incidents.map(({ incident, tier }) =>
      [incident, tier]));
    known = new Map(incidents.map(({ incident, tier }) => [incident, tier]));
    const news = incidents.filter(({ incident, tier }) =>
      before.get(incident) !== tier);
    const isGrave = ({ tier }) => tier === 'touch';
    const over = [...before.keys()].filter((n) => !known.has(n));
    const calm = [...news.filter((one) => !isGrave(one)).map(openWords),
      ...over.map((n) => t('herald.over', { n }))];
    const grave = news.filter(isGrave).map(openWords);
    if (calm.length) say(this.#calm, calm.join('. '));
    if (grave.length) say(this.#grave, grave.join('. '));
  }
}
