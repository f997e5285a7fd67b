// Who may use the console, and who is logged in now.
import { ask } from './api.mjs';
import { lasting, make, say } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const ROLES = ['viewer', 'operator', 'custodian', 'auditor', 'admin'];

const select = (chosen) => make('div', { class: 'field' },
  make('label', { for: 'role' }, t('people.role')),
  make('select', { id: 'role', name: 'role' }, ROLES.map((role) =>
    make('option', { value: role, selected: role === chosen },
      t(`role.${role}`)))));

class People extends HTMLElement {
  #users = make('tbody', {});
  #sessions = make('tbody', {});
  #said = make('p', { role: 'status' });
  #alert = make('p', { role: 'alert' });

  async connectedCallback() {
    const table = (label, names, rows) => make('div', { class: 'wide',
      tabindex: 0, role: 'region', 'aria-label': t(label) }, make('table', {},
      make('caption', {}, t(label)), make('thead', {}, make('tr', {},
        names.map((name) => make('th', { scope: 'col' }, t(name))))), rows));
    this.append(make('h1', {}, t('people.title')), this.#said, this.#alert,
      table('people.users', ['people.name', 'people.role', 'people.cameras',
        'people.telephone', 'people.do'], this.#users),
      table('people.sessions', ['people.name', 'people.began', 'people.seen',
        'people.do'], this.#sessions),
      form(t('people.add'), t('people.add'), [
        field('user', t('sign.name'), { required: true, maxlength: 32,
          autocomplete: 'username', autocapitalize: 'none' }),
        field('password', t('sign.password'), { type: 'password',
          required: true, autocomplete: 'new-password' },
        t('sign.password.hint')), select('viewer'),
        field('cameras', t('people.cameras'), { value: '*' },
          t('people.cameras.hint'))],
      async (fields) => {
        await ask('/api/users/add', fields);
        await this.#load(t('people.added', { user: fields.user }));
      }, 'h2'));
    await this.#load('');
  }

  // A button that has to be pressed twice: what it does is not undone.
  #twice(label, act, said) {
    const press = make('button', { type: 'button', class: 'small',
      onclick: async () => {
        if (press.dataset.sure) {
          await this.#try(act, said);
        } else {
          press.dataset.sure = 'yes';
          say(press, t('people.sure', { what: label }));
        }
      }, onblur: () => {
        delete press.dataset.sure;
        say(press, label);
      } }, label);
    return press;
  }

  async #try(act, said) {
    say(this.#alert, '');
    try {
      await act();
      await this.#load(said);
    } catch (error) {
      if (!error.error) throw error;
      say(this.#alert, error.message);
    }
  }

  async #load(said) {
    const { users } = await ask('/api/users');
    const { sessions } = await ask('/api/sessions');
    say(this.#said, said);
    this.#users.replaceChildren(...users.map(({ user, role, cameras,
      has_totp: has }) => make('tr', {}, make('th', { scope: 'row' }, user),
      make('td', {}, t(`role.${role}`)), make('td', {}, cameras === '*'
        ? t('people.all') : cameras),
      make('td', {}, t(has ? 'people.yes' : 'people.no')),
      make('td', {}, this.#twice(t('people.remove', { user }),
        () => ask('/api/users/remove', { user }),
        t('people.removed', { user }))))));
    this.#sessions.replaceChildren(...sessions.map((one) => make('tr', {},
      make('th', { scope: 'row' }, one.user),
      make('td', {}, t('people.ago', { span: lasting(one.began_s_ago) })),
      make('td', {}, one.is_yours ? t('people.you')
        : t('people.ago', { span: lasting(one.seen_s_ago) })),
      make('td', {}, one.is_yours ? '' : this.#twice(
        t('people.end', { user: one.user }),
        () => ask('/api/sessions/end', { user: one.user }),
        t('people.ended', { user: one.user }))))));
  }
}
customElements.define('sting-people', People);
