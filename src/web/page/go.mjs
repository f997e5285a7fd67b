// Somebody of our own goes into the room, or is out of it again.
import { ask } from './api.mjs';
import { clock, make } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const ROLES = ['operator', 'custodian', 'admin'];

const goForm = (incident, name, done) => form(t('go.title'), t('go.send'), [
  make('p', { class: 'hint' }, t(incident ? 'go.why' : 'go.why.all',
    { n: incident })),
  field('who', t('go.who'), { required: true, maxlength: 40, value: name,
    autocomplete: 'off' })], async ({ who }) => {
  await ask('/api/go', { who, ...incident ? { incident: `${incident}` } : {} });
  await done();
}, 'h2');

const outForm = ({ who, since }, done) => form(t('go.title'), t('go.out'),
  [make('p', {}, t('go.in', { who, at: clock(since) }))], async () => {
    await ask('/api/go', { who, state: 'out' });
    await done();
  }, 'h2');

export class Go {
  section = make('section', { class: 'go' });
  #told = '';

  mayBeSaidBy({ role }) { return ROLES.includes(role); }

  // Built anew only when it changes, so that who writes is not disturbed.
  tell({ team, incident }, { user }, done) {
    const told = JSON.stringify([team, incident?.incident]);
    if (told === this.#told) return;
    this.#told = told;
    this.section.replaceChildren(team ? outForm(team, done)
      : goForm(incident?.incident, user, done));
  }
}
