// Asking to see what is sealed: here why, on the machine yes or no; then it is
// played.
import './player.mjs';
import { Exhibit } from './exhibit.mjs';
import { ask } from './api.mjs';
import { lasting, make, moment, say } from './dom.mjs';
import { Pulse } from './pulse.mjs';
import { Release } from './release.mjs';
import { field, form } from './sign_in.mjs';
import { t } from './text.mjs';

const MOST_MS = 3600000;
const time = (at) => new Date(at).toISOString();

// "Chromium 156, Linux": what tells one browser from another, not more.
function browserName() {
  const { brands, platform } = navigator.userAgentData ?? {};
  const brand = brands?.find((one) => !/not.*brand/i.test(one.brand));
  return (brand ? `${brand.brand} ${brand.version}, ${platform}`
    : navigator.userAgent).slice(0, 80);
}

export class Play extends Pulse {
  session = null;
  cameras = []; // names that may be asked for
  #from = 0;
  #to = 0;
  #chosen = null; // names; null: all
  #state = '';
  #play = null;
  #body = make('div', {});
  #left = make('p', { role: 'status' });
  #span = make('p', { class: 'span' });
  #wished = make('p', { role: 'alert' });
  #exhibit = new Exhibit((fields) => this.#askExhibit(fields));
  #release = new Release((fields) => this.#askRelease(fields),
    () => time(this.player?.moment ?? this.#from));
  player = null;

  set incident(number) { this.#release.incident = number; }

  get mayBeUsed() { return this.session.role === 'custodian'; }

  connectedCallback() {
    this.hidden = !this.mayBeUsed;
    if (this.hidden) return;
    this.append(make('h2', {}, t('play.title')), this.#wished, this.#body,
      this.#exhibit.section, this.#release.section);
    super.connectedCallback();
  }

  // The stretch, and the cameras, that are asked for next.
  offer(from, to, cameras) {
    this.#from = from;
    this.#to = Math.min(to, Date.now());
    if (cameras.join() !== this.cameras.join()) {
      this.cameras = cameras;
      if (!this.#play || this.#isForm()) this.#state = '';
    }
    this.#tellSpan();
  }

  // This stretch is to be played: at once where it is open, else it is asked
  // for; where another one is open, that is said.
  wish(from, to) {
    if (!this.mayBeUsed) return;
    const isOpen = this.player?.holds(from, to);
    say(this.#wished, this.player && !isOpen ? t('play.elsewhere') : '');
    if (isOpen) {
      this.player.playStretch(from, to);
    } else if (!this.player) {
      this.querySelector('#reason')?.focus();
    }
    this.scrollIntoView({ block: 'nearest' });
  }

  async #askExhibit(fields) {
    const [from, to] = this.player?.marks ?? [this.#from, this.#to];
    await ask('/api/play/ask', { ...fields, from: time(from), to: time(to),
      browser: browserName() });
    await this.look();
  }

  async #askRelease(fields) {
    const [from, to] = this.player?.marks ?? [this.#from, this.#to];
    await ask('/api/release', { ...fields, from: time(from), to: time(to),
      browser: browserName() });
    await this.look();
  }

  #isForm() { return !['asked', 'open'].includes(this.#play?.state); }

  #tellSpan() {
    const long = this.#to - this.#from;
    say(this.#span, long > MOST_MS ? t('play.too-long')
      : t('play.span', { from: moment(this.#from), to: moment(this.#to),
        long: lasting(long / 1000) }));
  }

  async look() {
    const { play, exhibit, release } = await ask('/api/play');
    this.#play = play;
    const now = `${play?.play}:${play?.state}`;
    if (now !== this.#state) {
      this.#state = now;
      await this.#show(play);
    }
    this.#exhibit.tell(exhibit, play?.state === 'open'
      ? play.cameras.split(',') : []);
    this.#release.tell(release, play?.state === 'open' ? play : null);
    if (play && !this.#isForm()) {
      say(this.#left, t(play.state === 'asked' ? 'play.left.asked'
        : 'play.left.open', { left: lasting(play.left_s) }));
    }
  }

  async #show(play) {
    this.player = null;
    say(this.#wished, '');
    if (play?.state === 'asked') {
      this.#body.replaceChildren(...this.#waiting(play));
    } else if (play?.state === 'open') {
      const { play: whole } = await ask('/api/play?files=1');
      this.#body.replaceChildren(...this.#opened(whole ?? play));
    } else {
      const names = [...this.cameras];
      this.#body.replaceChildren(play ? make('p', { role: 'status' },
        t(play.state === 'denied' ? 'play.denied' : 'play.over')) : '', names.length ? this.#form(names)
        : make('p', {}, t('play.no-camera')));
    }
  }

  #form(names) {
    const made = form(t('play.ask'), t('play.send'), [this.#span,
      make('fieldset', {}, make('legend', {}, t('play.cameras')),
        names.map((name) => make('label', { class: 'radio' }, make('input',
          { type: 'checkbox', name: 'camera', value: name, checked: true }),
        name))),
      field('reason', t('play.why'), { required: true, maxlength: 120,
        autocomplete: 'off' }, t('play.why.hint'))],
    async ({ reason: why }) => {
      const cameras = [...made.querySelectorAll('input:checked')]
        .map(({ value }) => value).join();
      await ask('/api/play/ask', { cameras, why, from: time(this.#from),
        to: time(this.#to), browser: browserName() });
      await this.look();
    }, 'h3');
    this.#tellSpan();
    return made;
  }

  #what(play) {
    return make('p', { class: 'span' }, t('play.what', {
      cameras: play.cameras.replaceAll(',', ', '), why: play.why,
      from: moment(play.from), to: moment(play.to) }));
  }

  #waiting(play) {
    return [this.#what(play), make('p', {}, t('play.wait')),
      make('p', { class: 'code' }, play.code), make('p', {},
        make('code', {}, 'sting unlock OP')), this.#left,
      make('button', { type: 'button', onclick: () => this.#end() },
        t('play.withdraw'))];
  }

  #opened(play) {
    this.player = Object.assign(document.createElement('sting-player'),
      { play });
    this.player.addEventListener('end', () => this.#end());
    this.player.addEventListener('over', () => this.look());
    for (const name of ['time', 'marks']) {
      this.player.addEventListener(name, ({ detail }) => this.dispatchEvent(
        new CustomEvent(name, { detail })));
    }
    return [this.#what(play), play.missing ? make('p', {},
      t('play.missing', { n: play.missing })) : '', this.player, this.#left];
  }

  async #end() {
    await ask('/api/play/end', {});
    await this.look();
  }
}
customElements.define('sting-play', Play);
