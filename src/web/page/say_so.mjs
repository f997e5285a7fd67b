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
