// What was opened on the machine is read here by who says why: that is a line
// of the ledger.
import { ask } from './api.mjs';
import { make } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

export class Reading {
  section = make('section', {});
  #what;
  #done;
  #heading;
  #told = '';

  // `what` is "names" or "notes"; `done` is called once they may be read.
  constructor(what, done, heading = 'h3') {
    this.#heading = heading;
    this.#what = what;
    this.#done = done;
  }

  // So many wait to be read; built anew only when that changes, so that who
  // writes is not disturbed.
  tell(waiting, what = this.#what) {
    const now = `${waiting} ${what}`;
    if (now === this.#told) return;
    this.#told = now;
    this.section.replaceChildren(waiting ? this.#form(waiting, what) : '');
  }

  #form(waiting, what) {
    const id = `why-${this.#what}`;
    return form(t(`read.${what}`, { n: waiting }), t('read.send'), [
      field(id, t('play.why'), { required: true, maxlength: 120,
        autocomplete: 'off' }, t('play.why.hint'))],
    async ({ [id]: why }) => {
      await ask('/api/read', { what: this.#what, why });
      this.#told = '';
      await this.#done();
    }, this.#heading);
  }
}
