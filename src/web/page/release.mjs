// What was marked in the player, as a cut for the press: areas are drawn on a
// picture of it, and the machine makes it.
import './areas.mjs';
import { ask, bytesOf } from './api.mjs';
import { make, moment, say } from './dom.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const STATES = { asked: 'release.asked', making: 'release.making',
  made: 'release.made', denied: 'release.denied', over: 'release.over' };

export class Release {
  section = make('section', { hidden: true });
  incident = null; // what is released is of one
  #body = make('div', {});
  #said = make('p', { role: 'status' });
  #shown = '';
  #send;
  #from;

  // `send` takes the fields of the form; `from` tells the moment that is
  // marked as the beginning, as text.
  constructor(send, from) {
    this.#send = send;
    this.#from = from;
  }

  // What was asked for last, null: nothing; what is open now, null: nothing.
  tell(release, open) {
    const waits = ['asked', 'making'].includes(release?.state);
    this.section.hidden = !this.incident || (!open && !waits);
    say(this.#said, release ? t(STATES[release.state], { n: release.incident,
      told: release.told ?? '', camera: release.cameras,
      from: moment(release.from), to: moment(release.to) }) : '');
    const now = `${release?.play}:${release?.state}:${open?.play}`;
    if (now === this.#shown) return; // who draws is not disturbed
    this.#shown = now;
    if (!this.section.firstChild) {
      this.section.append(make('h2', {}, t('release.title')), this.#said,
        this.#body);
    }
    this.#body.replaceChildren(...release?.state === 'asked'
      ? this.#waiting(release) : waits || !open ? [] : [this.#form(open)]);
  }

  #waiting({ code }) {
    return [make('p', { class: 'code' }, code), make('p', {}, make('code', {},
      'sting unlock OP --out FILE.mp4')), make('button', { type: 'button',
      onclick: () => ask('/api/play/end', { release: '1' }) },
    t('play.withdraw'))];
  }

  #form({ play, cameras }) {
    const areas = make('sting-areas', { hidden: true });
    const camera = make('select', { id: 'release-camera', name: 'camera' },
      cameras.split(',').map((name) => make('option', { value: name }, name)));
    const picture = async () => {
      const answer = await bytesOf('/api/play/still', { play: `${play}`,
        camera: camera.value, at: this.#from() });
      areas.show(URL.createObjectURL(await answer.blob()));
      areas.hidden = false;
    };
    const problem = make('p', { role: 'alert' });
    return form(t('release.ask'), t('play.send'), [
      make('p', { class: 'hint' }, t('release.hint')),
      make('div', { class: 'field' }, make('label', { for: 'release-camera' },
        t('exhibit.camera')), camera),
      make('button', { type: 'button', onclick: () => picture().then(() =>
        say(problem, ''), (error) => say(problem, error.message)) },
      t('release.draw')), problem, areas,
      make('label', { class: 'radio' }, make('input', { type: 'checkbox',
        id: 'release-plain' }), t('release.plain')),
      field('release-why', t('play.why'), { required: true, maxlength: 120,
        autocomplete: 'off' }, t('play.why.hint'))],
    ({ 'release-why': why }) => this.#send({ camera: camera.value, why,
      areas: areas.text, incident: `${this.incident}`,
      plain: document.querySelector('#release-plain').checked ? '1' : '' }),
    'h3');
  }
}
