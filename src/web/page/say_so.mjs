// What people say of an incident: seen to, a false alarm, somebody who may.
import { ask } from './api.mjs';
import { make } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const WORDS = [['', 'mark.seen'], ['alarm', 'mark.alarm'],
  ['known', 'mark.known']];

export const sayForm = (incident, done) => form(t('say.title'), t('say.send'), [
  make('fieldset', {}, make('legend', {}, t('say.what')),
    WORDS.map(([value, key], i) => make('label', { class: 'radio' },
      make('input', { type: 'radio', name: 'false', value,
        checked: i === 0 }), t(key)))),
  field('why', t('say.why'), { maxlength: 500, autocomplete: 'off' },
    t('say.why.hint'))],
async (fields) => {
  await ask('/api/ack', { incident: `${incident}`, ...fields });
  await done();
}, 'h2');

const KINDS = [['note', 'note.note'], ['subject', 'note.subject']];

// Something to remember of it, or what became of somebody: sealed.
export const noteForm = (incident, done) => {
  const told = make('p', { role: 'status' });
  const made = form(t('note.title'), t('note.send'), [
    make('fieldset', {}, make('legend', {}, t('note.what')),
      KINDS.map(([value, key], i) => make('label', { class: 'radio' },
        make('input', { type: 'radio', name: 'type', value,
          checked: i === 0 }), t(key)))),
    field('who', t('note.who'), { maxlength: 60, autocomplete: 'off' },
      t('note.who.hint')),
    field('text', t('note.text'), { required: true, maxlength: 900,
      autocomplete: 'off' }, t('note.text.hint')), told],
  async (fields) => {
    await ask('/api/note', { incident: `${incident}`, ...fields });
    made.reset();
    told.textContent = t('note.done');
    await done();
  }, 'h2');
  return made;
};
