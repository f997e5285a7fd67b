// What was opened, played: all its cameras side by side, at one time.
import { bytesOf } from './api.mjs';
import { choice, clock, day, keyOf, make, say } from './dom.mjs';
import { Film } from './film.mjs';
import { t } from './text.mjs';

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const TOLD_MS = 200;
const SECOND = 1;
const SLACK_MS = 1000; // of what is chosen, by the whole second

const exact = (at) => `${day(at)}, ${clock(at)}.${String(Math.floor(at) % 1000)
  .padStart(3, '0')}`;

const stamp = (begin, at) => {
  const us = Math.round(begin * 1000 + at * 1e6);
  const text = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1);
  return `${text}${String(us % 1000).padStart(3, '0')}Z`;
};

class Player extends HTMLElement {
  play = null; // of /api/play, with its files
  #films = [];
  #begin = 0; // milliseconds, UTC
  #long = 0; // seconds
  #at = 0;
  #speed = 1;
  #plays = false;
  #until = null; // seconds, where it stops by itself; null: at the end
  #frame = 0;
  #seen = 0; // when the last frame was drawn
  #told = 0;
  #marks = { from: null, to: null }; // milliseconds, UTC
  #marked = make('p', { class: 'span', role: 'status' });
  #slide = make('input', { type: 'range', min: 0, step: 0.001,
    class: 'position', oninput: () => this.seek(+this.#slide.value) });
  #now = make('output', { class: 'now' });
  #press = make('button', { type: 'button', class: 'main',
    onclick: () => this.toggle() });
  #tiles = make('div', { class: 'films' });
  #notes = new Map(); // film: that it is not as the camera sent it
  #pictures = make('ul', { class: 'pictures' });
  #alert = make('p', { role: 'alert' });

  connectedCallback() {
    this.#begin = Date.parse(this.play.from);
    this.#long = (Date.parse(this.play.to) - this.#begin) / 1000;
    this.#films = this.play.cameras.split(',').map((camera) =>
      new Film(this.play, camera, (error) => this.#over(error)));
    this.#at = Math.max(0, Math.min(...this.#films.map(({ begin }) => begin)));
    this.#slide.max = this.#long;
    this.#slide.setAttribute('aria-label', t('play.position'));
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', t('play.title'));
    this.addEventListener('keydown', (event) => this.#key(event));
    this.replaceChildren(this.#tiles, this.#slide, this.#tools(), this.#marked,
      this.#alert,
      make('p', { class: 'hint' }, t('play.keys')), this.#pictures);
    this.#tiles.replaceChildren(...this.#films.map((film) => this.#tile(film)));
    this.#seen = performance.now();
    this.#beat();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
    for (const film of this.#films) film.end();
    this.#films = [];
  }

  get at() { return this.#begin + this.#at * 1000; } // milliseconds, UTC

  get videos() { return this.#films.map(({ video }) => video); }

  // Seconds from the beginning of the stretch.
  seek(at) {
    this.#at = Math.min(this.#long, Math.max(0, at));
    this.#tell();
  }

  seekTo(utc) { this.seek((utc - this.#begin) / 1000); }

  toggle(plays = !this.#plays, until = null) {
    this.#plays = plays;
    this.#until = until;
    if (plays && this.#at >= this.#long) this.#at = 0;
    this.#tell();
  }

  // Is all of that stretch within what was opened?
  holds(from, to) {
    return from >= this.#begin - SLACK_MS
      && to <= this.#begin + this.#long * 1000 + SLACK_MS;
  }

  // Mark a stretch, as far as it is open.
  markStretch(from, to) {
    const end = this.#begin + this.#long * 1000;
    if (from >= end || to <= this.#begin) return;
    this.#marks = { from: Math.max(from, this.#begin),
      to: Math.min(to, end) };
    this.#tellMarks();
  }

  // From there to there, and it stops.
  playStretch(from, to) {
    this.markStretch(from, to);
    this.seekTo(from);
    this.toggle(true, Math.min(this.#long, (to - this.#begin) / 1000));
    this.#press.focus({ preventScroll: true });
  }

  step(n) {
    this.toggle(false);
    const film = this.#films.find((one) => one.part(this.#at))
      ?? this.#films[0];
    this.seek(film.step(this.#at, n));
  }

  #tile(film) {
    const note = make('p', { class: 'hint', hidden: true },
      t('play.converted'));
    this.#notes.set(film, note);
    film.video.setAttribute('aria-hidden', 'true');
    return make('figure', {}, make('div', { class: 'screen' }, film.video,
      make('span', { class: 'none' }, t('play.nothing'))),
    make('figcaption', {}, make('strong', {}, film.camera), make('button',
      { type: 'button', class: 'small', 'aria-label':
        `${t('play.picture')}: ${film.camera}`,
      onclick: () => this.#picture(film.camera) }, t('play.picture')), note));
  }

  #tools() {
    const press = (key, act) => make('button', { type: 'button',
      onclick: act }, t(key));
    return make('div', { class: 'tools' }, this.#press,
      press('play.back', () => this.step(-1)),
      press('play.on', () => this.step(1)),
      choice(t('play.speed'), this.#speed, SPEEDS.map((speed) =>
        [speed, `${speed}\u00d7`]), (speed) => { this.#speed = +speed; }),
      this.#now, press('play.mark.from', () => this.#mark('from')),
      press('play.mark.to', () => this.#mark('to')), make('button', { type: 'button', onclick: () =>
        this.dispatchEvent(new CustomEvent('end')) }, t('play.end')));
  }

  // [from, to] that are marked; all that is open where one is not.
  get marks() {
    const { from, to } = this.#marks;
    return [from ?? this.#begin, to ?? this.#begin + this.#long * 1000];
  }

  // A moment of what is marked, or the one that is shown.
  get moment() { return this.#marks.from ?? this.at; }

  #mark(which) {
    const other = which === 'from' ? 'to' : 'from';
    this.#marks[which] = this.at;
    const { from, to } = this.#marks;
    if (from !== null && to !== null && from >= to) this.#marks[other] = null;
    this.#tellMarks();
    this.dispatchEvent(new CustomEvent('marks', { detail: this.marks }));
  }

  #tellMarks() {
    say(this.#marked, t('play.marked',
      { from: exact(this.marks[0]), to: exact(this.marks[1]) }));
  }

  #key(event) {
    const does = {
      ',': () => this.step(-1),
      '.': () => this.step(1),
      k: () => this.toggle(),
      j: () => this.seek(this.#at - SECOND),
      l: () => this.seek(this.#at + SECOND),
      '[': () => this.#mark('from'),
      ']': () => this.#mark('to'),
    }[keyOf(event)];
    const writes = event.target.matches?.('select, textarea, '
      + 'input:not([type=range])');
    if (does && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      does();
    }
  }

  // Sixty times a second: on goes the time, if every picture is there.
  #beat() {
    const now = performance.now();
    const gone = Math.min(0.25, (now - this.#seen) / 1000);
    this.#seen = now;
    const there = this.#films.every((film) => !film.part(this.#at)
      || film.ready(this.#at));
    if (this.#plays && there) {
      const end = this.#until ?? this.#long;
      this.#at = Math.min(end, this.#at + gone * this.#speed);
      if (this.#at >= end) this.toggle(false);
    }
    for (const film of this.#films) {
      film.show(this.#at, this.#speed, this.#plays && there);
    }
    if (now - this.#told > TOLD_MS) this.#tell();
    this.#frame = requestAnimationFrame(() => this.#beat());
  }

  #tell() {
    this.#told = performance.now();
    for (const [film, note] of this.#notes) note.hidden = !film.converted;
    const words = exact(this.at);
    say(this.#press, t(this.#plays ? 'play.pause' : 'play.play'));
    say(this.#now, words);
    this.#slide.value = this.#at;
    this.#slide.setAttribute('aria-valuetext', words);
    this.dispatchEvent(new CustomEvent('time', { detail: this.at }));
  }

  #over(error) {
    say(this.#alert, error.error === 'codec' ? t('play.codec')
      : error.message);
    if (error.error !== 'codec') this.dispatchEvent(new CustomEvent('over'));
  }

  // A picture that is kept is decoded by the station, and is a line.
  async #picture(camera) {
    this.toggle(false);
    say(this.#alert, '');
    try {
      const at = stamp(this.#begin, this.#at);
      const answer = await bytesOf('/api/play/still',
        { play: `${this.play.play}`, camera, at });
      const href = URL.createObjectURL(await answer.blob());
      const name = `${camera} ${exact(this.at)}`;
      this.#pictures.append(make('li', {}, make('a', { href,
        download: `${camera}-${at.replace(/:/g, '')}.jpg` },
      make('img', { src: href, alt: name }), ` ${t('play.save')}: ${name}`)));
    } catch (error) {
      if (!error.error) throw error;
      say(this.#alert, error.message);
    }
  }
}
customElements.define('sting-player', Player);
