// Somebody of our own goes into the room, or is out of it again.
import { ask } from './api.mjs';
import { clock, make, renew } from './dom.mjs';
import { gravestFirst } from './open.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const ROLES = ['operator', 'custodian', 'admin'];

// Into which room: of the gravest incident, unless another one is chosen.
const where = (incidents, chosen) => (incidents.length < 2 ? []
  : make('div', { class: 'field' }, make('label', { for: 'go-incident' },
    t('go.where')), make('select', { id: 'go-incident', name: 'incident' },
    incidents.map(({ incident, camera }) => make('option', { value: incident,
      selected: `${incident}` === chosen }, t('go.one',
      { n: incident, camera }))))));

const goForm = (incidents, { who: name, incident: chosen }, done) => form(
  t('go.title'), t('go.send'), [make('p', { class: 'hint' },
    incidents.length > 1 ? t('go.why.one') : t(incidents.length ? 'go.why'
      : 'go.why.all', { n: incidents[0]?.incident })),
  field('who', t('go.who'), { required: true, maxlength: 40, value: name,
    autocomplete: 'off' }), where(incidents, chosen)],
  async ({ who, incident = incidents[0]?.incident }) => {
    await ask('/api/go', { who, ...incident ? { incident: `${incident}` }
      : {} });
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

  // Built anew only when it changes, with what somebody has written there.
  tell({ team, incidents }, { user }, done) {
    const open = gravestFirst(incidents);
    const told = JSON.stringify([team, open.map(({ incident }) => incident)]);
    if (told === this.#told) return;
    const written = this.section.querySelector('form');
    this.#told = told;
    renew(this.section, team ? outForm(team, done) : goForm(open,
      { who: user, ...written ? Object.fromEntries(new FormData(written))
        : {} }, done));
  }
}
