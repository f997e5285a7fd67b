// Alerts that rest while somebody works in the room.
import { ask } from './api.mjs';
import { make, renew } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const HOUR = 3600000;
const HOURS = [1, 4, 12];
const ROLES = ['operator', 'custodian', 'admin'];

const rest = (done) => form(t('duty.title'), t('duty.send'), [
  make('div', { class: 'field' }, make('label', { for: 'hours' },
    t('duty.long')), make('select', { id: 'hours', name: 'hours' },
    HOURS.map((n) => make('option', { value: n }, t('span.h', { n }))))),
  field('why', t('duty.why'), { required: true, maxlength: 200,
    autocomplete: 'off' }, t('duty.why.hint'))], async ({ hours, why }) => {
  await ask('/api/arm', { state: 'disarmed', why,
    until: new Date(Date.now() + hours * HOUR).toISOString() });
  await done();
}, 'h2');

const again = (done) => form(t('duty.title'), t('duty.again'),
  [make('p', {}, t('duty.silent'))], async () => {
    await ask('/api/arm', { state: 'armed' });
    await done();
  }, 'h2');

export class Duty {
  section = make('section', {});
  #silent = null; // as last shown

  mayBeSaidBy({ role }) { return ROLES.includes(role); }

  tell({ silent_until: until }, done) {
    const silent = Boolean(until);
    if (silent === this.#silent) return; // who writes is not disturbed
    this.#silent = silent;
    renew(this.section, silent ? again(done) : rest(done));
  }
}
