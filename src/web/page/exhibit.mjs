// What was marked in the player, as an exhibit: asked for here, made on the
// machine.
import { ask } from './api.mjs';
import { make, moment, say } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const STATES = { asked: 'exhibit.asked', making: 'exhibit.making',
  made: 'exhibit.made', denied: 'exhibit.denied', over: 'exhibit.over' };

export class Exhibit {
  section = make('section', { hidden: true });
  #body = make('div', {});
  #said = make('p', { role: 'status' });
  #shown = '';
  #send;

  // `send` takes the fields of the form.
  constructor(send) {
    this.#send = send;
  }

  // What was asked for last, null: nothing; cameras that are open now.
  tell(exhibit, cameras) {
    const waits = ['asked', 'making'].includes(exhibit?.state);
    const now = `${exhibit?.play}:${exhibit?.state}:${cameras}`;
    this.section.hidden = !cameras.length && !waits;
    if (now === this.#shown) return; // who writes is not disturbed
    this.#shown = now;
    if (!this.section.firstChild) {
      this.section.append(make('h2', {}, t('exhibit.title')), this.#said,
        this.#body);
    }
    say(this.#said, exhibit ? t(STATES[exhibit.state], { mark: exhibit.mark,
      told: exhibit.told ?? '', camera: exhibit.cameras,
      from: moment(exhibit.from), to: moment(exhibit.to) }) : '');
    this.#body.replaceChildren(...exhibit?.state === 'asked'
      ? this.#waiting(exhibit) : waits || !cameras.length ? [] : [this.#form(cameras)]);
  }

  #waiting({ code }) {
    return [make('p', { class: 'code' }, code), make('p', {}, make('code', {},
      'sting unlock OP --out DIR')), make('button', { type: 'button',
      onclick: () => ask('/api/play/end', { exhibit: '1' }) },
    t('play.withdraw'))];
  }

  #form(cameras) {
    return form(t('exhibit.ask'), t('play.send'), [
      make('p', { class: 'hint' }, t('exhibit.hint')),
      make('div', { class: 'field' }, make('label', { for: 'exhibit-camera' },
        t('exhibit.camera')), make('select', { id: 'exhibit-camera',
        name: 'cameras' }, cameras.map((name) => make('option',
        { value: name }, name)))),
      field('mark', t('exhibit.mark'), { required: true, maxlength: 32,
        autocapitalize: 'characters', autocomplete: 'off' },
      t('exhibit.mark.hint')),
      field('exhibit-why', t('play.why'), { required: true, maxlength: 120,
        autocomplete: 'off' }, t('play.why.hint'))],
    ({ cameras: camera, mark, 'exhibit-why': why }) =>
      this.#send({ cameras: camera, mark, why }), 'h3');
  }
}
