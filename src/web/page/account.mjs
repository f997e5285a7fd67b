// One's own password, and a telephone that shows six digits.
import { ask } from './api.mjs';
import { make } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

// With the user's name, for those who keep passwords.
const old = (name, user) => [make('input', { hidden: true, value: user,
  autocomplete: 'username' }), field(name, t('account.old'),
  { type: 'password', required: true, autocomplete: 'current-password' })];

class Account extends HTMLElement {
  connectedCallback() {
    this.append(make('h1', {}, t('account.title')),
      make('p', {}, `${this.session.user}, ${t(`role.${this.session.role}`)}`),
      this.#password(), this.#telephone());
  }

  #password() {
    const said = make('p', { role: 'status' });
    return make('section', {}, form(t('account.password'),
      t('account.change'), [old('old', this.session.user), field('new', t('account.new'),
        { type: 'password', required: true, autocomplete: 'new-password' },
        t('sign.password.hint')), said], async (fields) => {
        await ask('/api/password', fields);
        said.textContent = t('account.changed');
      }, 'h2'));
  }

  #telephone() {
    const section = make('section', {});
    const has = this.session.has_totp;
    section.append(has ? this.#off(section) : this.#begin(section));
    return section;
  }

  #off(section) {
    return form(t('account.telephone'), t('account.off'),
      [make('p', {}, t('account.has')), old('password', this.session.user)], async (fields) => {
        await ask('/api/totp/off', fields);
        section.replaceChildren(this.#begin(section));
      }, 'h2');
  }

  #begin(section) {
    return form(t('account.telephone'), t('account.telephone.begin'),
      [make('p', {}, t('account.telephone.why')), old('password', this.session.user)],
      async (fields) => {
        const { secret, uri } = await ask('/api/totp/new', fields);
        section.replaceChildren(this.#confirm(section, secret, uri));
      }, 'h2');
  }

  #confirm(section, secret, uri) {
    return form(t('account.telephone'), t('account.telephone.set'), [
      make('p', {}, t('account.secret')), make('p', {}, make('code', {},
        secret)), make('p', {}, make('a', { href: uri }, t('account.app'))),
      field('code', t('sign.code'), { inputmode: 'numeric', maxlength: 6,
        autocomplete: 'one-time-code', required: true })], async (fields) => {
      await ask('/api/totp/set', fields);
      section.replaceChildren(this.#off(section));
    }, 'h2');
  }
}
customElements.define('sting-account', Account);
