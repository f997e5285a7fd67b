// A page that looks again and again, for as long as it is shown.
import { make, say } from './dom.mjs';

export class Pulse extends HTMLElement {
  #timer = 0;

  // What is to be done each time; the element's own.
  async look() {}

  every_ms() { return 1000; }

  connectedCallback() {
    this.alert = make('p', { role: 'alert' });
    this.prepend(this.alert);
    this.#beat();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#timer = -1;
  }

  async #beat() {
    try {
      if (!document.hidden) await this.look();
      say(this.alert, '');
    } catch (error) {
      if (!error.error) throw error;
      say(this.alert, error.message);
    }
    if (this.#timer !== -1) {
      this.#timer = setTimeout(() => this.#beat(), this.every_ms());
    }
  }
}
