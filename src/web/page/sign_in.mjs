// Signing in, and the first one in.
import { ask } from './api.mjs';
import { make } from './dom.mjs';
import { t } from './text.mjs';

// A labelled input, with a hint that readers of screens hear too.
export const field = (name, label, attributes, hint) => {
  const about = `${name}-hint`;
  return make('div', { class: 'field' },
    make('label', { for: name }, label),
    make('input', { id: name, name, ...attributes,
      'aria-describedby': hint ? about : null }),
    hint ? make('small', { id: about }, hint) : null);
};

// A form that sends its fields and tells, in place, why it was refused.
export function form(title, button, inputs, send, heading = 'h1') {
  const alert = make('p', { role: 'alert' });
  const press = make('button', { class: 'main' }, button);
  const made = make('form', { novalidate: true }, make(heading, {}, title),
    inputs.flat(), alert, press);
  made.addEventListener('submit', async (event) => {
    event.preventDefault();
    alert.textContent = '';
    press.disabled = true;
    try {
      await send(Object.fromEntries(new FormData(made)));
    } catch (error) {
      alert.textContent = error.message;
      const at = error.error === 'code-needed' ? 'code' : 'password';
      made.querySelector(`[name=${at}]`)?.focus();
    } finally {
      press.disabled = false;
    }
  });
  return made;
}

const name = () => field('user', t('sign.name'),
  { required: true, autocomplete: 'username', autocapitalize: 'none' });

const first = (link, done) => form(t('sign.first'), t('sign.begin'), [
  make('p', {}, t('sign.first.why')), name(),
  field('password', t('sign.password'), { type: 'password', required: true,
    autocomplete: 'new-password' }, t('sign.password.hint')),
], async (fields) => done(await ask('/api/first', { ...fields, link })));

const login = (done) => form(t('sign.in'), t('sign.in'), [name(),
  field('password', t('sign.password'), { type: 'password', required: true,
    autocomplete: 'current-password' }),
  field('code', t('sign.code'), { inputmode: 'numeric', maxlength: 6,
    autocomplete: 'one-time-code' }, t('sign.code.hint')),
], async (fields) => done(await ask('/api/login', fields)));

export function signIn(hello, done) {
  const link = /^#first=([0-9a-f]{64})$/.exec(location.hash);
  return link && hello.is_first ? first(link[1], done) : login(done);
}

// The signed link of an alert: whoever has it says that he sees to it. Asked
// first, since programs follow links to look at them.
export function linkForm(link) {
  const done = make('p', { role: 'status' });
  const made = form(t('link.title'), t('link.send'),
    [make('p', {}, t('link.why')), done], async () => {
      await ask('/api/ack/link', { link });
      done.textContent = t('link.done');
      made.querySelector('button').remove();
    });
  return made;
}
