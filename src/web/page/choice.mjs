// A stretch that was chosen on a strip: what it is, and what can be done with
// it. Joins a strip to what is played.
import { lasting, make, moment, say } from './dom.mjs';
import { Span } from './span.mjs';
import { t } from './text.mjs';

export class Choice {
  #strip;
  #play;
  #seen = null; // what is offered when nothing is chosen: [span, cameras]
  #words = make('p', { class: 'span', role: 'status' });
  section = make('div', { class: 'choice-of-time', hidden: true });

  // `strip` and `play` are elements; `play` may be for nobody here.
  constructor(strip, play) {
    this.#strip = strip;
    this.#play = play;
    const press = (key, act, look = '') => make('button', { type: 'button',
      class: `small ${look}`, onclick: act }, t(key));
    this.section.append(this.#words, make('div', { class: 'tools' },
      play.mayBeUsed ? press('time.play', () => this.#wish(), 'main') : '',
      press('time.look', () => this.#look()),
      press('time.unchoose', () => {
        strip.choose(null);
        strip.slide.focus();
      })));
    strip.addEventListener('choose', () => this.#chosen());
    strip.addEventListener('wish', () => this.#wish());
    strip.addEventListener('mark', ({ detail }) => play.player?.seekTo(detail));
    strip.addEventListener('record', ({ detail: { span, cameras } }) => {
      this.#seen = [span, cameras.filter(({ recorded }) => recorded.length)
        .map(({ name }) => name)];
      this.#offer();
    });
    play.addEventListener('time', ({ detail }) => strip.place(detail));
    play.addEventListener('marks', ({ detail }) => strip.choose(...detail));
  }

  #offer() {
    if (!this.#seen) return;
    const [span, cameras] = this.#seen;
    const [from, to] = this.#strip.chosen ?? [span.from, span.to];
    this.#play.offer(from, to, cameras);
  }

  #chosen() {
    const { chosen } = this.#strip;
    this.section.hidden = !chosen;
    if (chosen) {
      say(this.#words, t('play.span', { from: moment(chosen[0]),
        to: moment(chosen[1]), long: lasting((chosen[1] - chosen[0]) / 1000) }));
      this.#play.player?.markStretch(...chosen);
    }
    this.#offer();
  }

  #wish() {
    if (this.#strip.chosen) this.#play.wish(...this.#strip.chosen);
  }

  #look() {
    const [from, to] = this.#strip.chosen;
    this.#strip.show(new Span(from, to), from);
  }
}
