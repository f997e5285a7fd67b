// Who opened, saw, took out or deleted something: what an auditor reads.
import { ask } from './api.mjs';
import { make, renew } from './dom.mjs';
import { Pulse } from './pulse.mjs';
import { t } from './text.mjs';
import { listed } from './timeline.mjs';

class Custody extends Pulse {
  #list = make('ol', { class: 'happened' });
  #more = make('p', {});
  #told = '';
  #before = 0; // the line before which it is shown; 0: up to now

  connectedCallback() {
    this.append(make('h1', {}, t('custody.title')), make('p', { class: 'hint' },
      t('custody.why')), this.#list, this.#more);
    super.connectedCallback();
  }

  every_ms() { return 5000; }

  async look() {
    const got = await ask(`/api/custody${this.#before
      ? `?before=${this.#before}` : ''}`);
    const told = JSON.stringify(got);
    if (told === this.#told) return; // who reads is not disturbed
    this.#told = told;
    renew(this.#list, listed(got.events));
    this.#more.replaceChildren(...this.#moves(got));
  }

  #moves({ events, more }) {
    if (events.length === 0) return [t('custody.none')];
    const press = (words, before) => make('button', { type: 'button',
      onclick: () => { this.#before = before; this.look(); } }, words);
    return [more ? press(t('custody.more', { n: more }), events.at(-1).line)
      : '', this.#before ? press(t('custody.newest'), 0) : ''].filter(Boolean);
  }
}
customElements.define('sting-custody', Custody);
