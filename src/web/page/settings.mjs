// What of operation.yaml may be set from here; comments in it are kept.
import { ask } from './api.mjs';
import { make, say } from './dom.mjs';
import { t, word } from './text.mjs';

// "alerts.2.quiet": of the group "alerts.2", called by "alerts-quiet".
const groupOf = (name) => {
  const [first, entry] = name.split('.');
  return /^\d+$/.test(entry) ? `${first}.${entry}`
    : first === 'retention' ? first : 'record';
};
const labelOf = ({ name, of }) => {
  const label = t(`set.${name.replace(/\.\d+/g, '').replaceAll('.', '-')}`);
  return name.includes('.zones.')
    ? t('settings.of', { label, of: of.split(' ')[1] }) : label;
};

function legendOf(group, { of }) {
  const [first, entry] = group.split('.');
  const name = of?.split(' ')[0] ?? '';
  return t(`set-group.${first}`, { n: entry ?? '',
    of: first === 'staff' ? of : name });
}

const HINTS = { week: 'settings.week', size: 'settings.size' };

class Settings extends HTMLElement {
  #body = make('div', {});
  #alert = make('p', { role: 'alert' });
  #mistakes = make('ul', { class: 'mistakes' });
  #said = make('p', { role: 'status' });
  #press = make('button', { class: 'main' }, t('settings.save'));
  #form = make('form', { class: 'settings', novalidate: true }, this.#body,
    this.#alert, this.#mistakes, this.#press, this.#said);
  #sha256 = '';
  #settings = [];

  connectedCallback() {
    this.append(make('h1', {}, t('settings.title')),
      make('p', { class: 'hint' }, t('settings.hint')), this.#form);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#guard(() => this.#save());
    });
    this.#guard(() => this.#load());
  }

  async #guard(act) {
    say(this.#alert, '');
    say(this.#said, '');
    this.#mistakes.replaceChildren();
    this.#press.disabled = true;
    try {
      await act();
    } catch (error) {
      if (!error.error) throw error;
      say(this.#alert, [error.message, error.todo].filter(Boolean).join(': '));
      this.#tell(error.mistakes ?? []);
    } finally {
      this.#press.disabled = false;
    }
  }

  #tell(mistakes) {
    this.#mistakes.replaceChildren(...mistakes.map((one) => make('li', {},
      [t('settings.at', one), one.todo].filter(Boolean).join(' \u2014 '))));
  }

  async #load() {
    const { sha256, settings, mistakes } = await ask('/api/settings');
    this.#sha256 = sha256;
    this.#settings = settings;
    this.#press.hidden = mistakes.length > 0;
    if (mistakes.length) say(this.#alert, t('settings.broken'));
    this.#tell(mistakes);
    const groups = [...new Set(settings.map(({ name }) => groupOf(name)))];
    this.#body.replaceChildren(...groups.map((group) => {
      const rows = settings.filter(({ name }) => groupOf(name) === group);
      return make('fieldset', {}, make('legend', {}, legendOf(group, rows[0])),
        rows.map((row) => this.#field(row)));
    }));
  }

  #field(row) {
    const { name, type, words, value, otherwise } = row;
    const id = `set-${name.replaceAll('.', '-')}`;
    const hint = HINTS[type];
    const about = { id, name, 'aria-describedby': hint ? `${id}-hint` : null };
    const input = words
      ? make('select', about, words.map((one) => make('option',
        { value: one, selected: one === (value ?? otherwise) },
        word('set-word', one))))
      : make('input', { ...about, value: value ?? '', placeholder: otherwise,
        maxlength: 1000, autocomplete: 'off',
        inputmode: type === 'number' ? 'decimal' : null });
    return make('div', { class: 'field' },
      make('label', { for: id }, labelOf(row)), input,
      hint ? make('small', { id: `${id}-hint` }, t(hint)) : null);
  }

  // Lines of what was changed.
  #changes() {
    const now = new FormData(this.#form);
    return this.#settings.filter(({ name, words, value, otherwise }) =>
      now.get(name).trim() !== ((words ? value ?? otherwise : value) ?? ''))
      .map(({ name }) => `${name} ${now.get(name).trim()}`);
  }

  async #save() {
    const changes = this.#changes();
    if (changes.length) {
      await ask('/api/settings',
        { sha256: this.#sha256, settings: changes.join('\n') });
      await this.#load();
    }
    say(this.#said, t(changes.length ? 'settings.saved' : 'settings.same'));
  }
}
customElements.define('sting-settings', Settings);
