// One camera of what was opened: sealed files, fetched as they are needed, fed
// to a <video>. Its time line is seconds since the stretch began.
import { bytesOf } from './api.mjs';
import { canPlay, typeOf } from './live.mjs';

const AHEAD_S = 10; // at speed 1
const KEPT_S = 30; // behind and before what is shown
const PIECE = 2 << 20;
const PIECE_H264 = 4 << 20; // of what the station converts for us
const AGAIN_MS = 500;
const NEAR_S = 0.04;

const pause = (ms) => new Promise((then) => { setTimeout(then, ms); });

// The station converts one file at a time: who asks for another loses what it
// has made.
let turn = Promise.resolve();
const inTurn = (work) => {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
};

export class Film {
  video = document.createElement('video');
  camera;
  #play;
  #files;
  #parts = [];
  #inits = new Map(); // place among the files: bytes
  converted = false; // is some of it not as the camera sent it?
  #init = -1; // the one that was appended last
  #source = null;
  #buffer = null;
  #at = 0;
  #speed = 1;
  #works = false;
  #over;

  // `over` is called when nothing may be read any more.
  constructor(play, camera, over) {
    this.camera = camera;
    this.#play = play.play;
    this.#files = play.files;
    this.#over = over;
    const begin = Date.parse(play.from);
    play.files.forEach((file, i) => {
      if (file.camera !== camera || file.is_init) return;
      const from = (file.t0_us / 1000 - begin) / 1000;
      this.#parts.push({ i, init: file.init, from, key: file.key,
        to: from + file.us / 1e6, pts: file.pts_us / 1e6,
        frame: file.us / 1e6 / Math.max(1, file.frames), has: false });
    });
    Object.assign(this.video, { muted: true, playsInline: true,
      disablePictureInPicture: true, preload: 'auto' });
  }

  get spans() { return this.#parts.map(({ from, to }) => [from, to]); }

  get begin() { return this.#parts[0]?.from ?? 0; }

  // The part that holds a moment; undefined where nothing was recorded.
  part(at) {
    return this.#parts.find(({ from, to }) => at >= from - 0.001 && at < to);
  }

  // Is the picture of that moment there to be seen?
  ready(at) {
    const { video } = this;
    return !video.seeking && video.readyState > 1
      && Math.abs(video.currentTime - at) < 0.25;
  }

  // The middle of the picture `n` further than the one at that moment.
  step(at, n) {
    const part = this.part(at);
    if (!part) return at;
    const number = Math.floor((at - part.from) / part.frame + 0.001) + n;
    return Math.max(this.begin, part.from + (number + 0.5) * part.frame);
  }

  // Show this moment, or go on from it.
  show(at, speed, plays) {
    const { video } = this;
    this.#at = at;
    this.#speed = speed;
    this.#begin();
    const is = Boolean(this.part(at));
    video.hidden = !is;
    this.#work();
    if (!is || !video.buffered.length) {
      video.pause();
      return;
    }
    const off = Math.abs(video.currentTime - at);
    if (off > (plays ? 0.15 * Math.max(1, speed) : 0.001)) {
      video.currentTime = at;
    }
    video.playbackRate = speed;
    if (plays && video.paused) video.play().catch(() => {});
    if (!plays) video.pause();
  }

  end() {
    this.#parts = [];
    this.video.pause();
    if (this.video.src) URL.revokeObjectURL(this.video.src);
    this.video.removeAttribute('src');
    this.#source = null;
    this.#buffer = null;
  }

  #begin() {
    if (this.#source || !this.#parts.length) return;
    this.#source = new MediaSource();
    this.#source.addEventListener('sourceopen', () => this.#work(),
      { once: true });
    this.video.src = URL.createObjectURL(this.#source);
  }

  // The next part that is needed and not there: first what is shown, from a
  // keyframe on, then what follows.
  #next() {
    let first = this.#parts.findIndex((part) => part.to > this.#at);
    while (first > 0 && !this.#parts[first].key
      && this.#parts[first - 1].init === this.#parts[first].init) first--;
    return this.#parts.slice(Math.max(0, first)).find((part) => !part.has
      && part.from < this.#at + AHEAD_S * Math.max(1, this.#speed));
  }

  async #work() {
    if (this.#works || this.#source?.readyState !== 'open') return;
    this.#works = true;
    try {
      for (let part = this.#next(); part && this.#source; part = this.#next()) {
        await this.#load(part);
        await this.#forget();
      }
    } catch (error) {
      if (!error.error && error.name !== 'InvalidStateError') throw error;
      if (this.#source) this.#over(error);
    } finally {
      this.#works = false;
    }
  }

  async #piece(file, at, h264 = '') {
    for (;;) {
      try {
        return new Uint8Array(await (await bytesOf(
          `/api/play/piece?play=${this.#play}&file=${file}&at=${at}${h264}`))
          .arrayBuffer());
      } catch (error) {
        if (error.error !== 'busy') throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  async #append(bytes) {
    const buffer = this.#buffer;
    const done = new Promise((then, not) => {
      buffer.addEventListener('updateend', then, { once: true });
      buffer.addEventListener('error', () => not(Object.assign(
        new Error('media'), { error: 'media' })), { once: true });
    });
    buffer.appendBuffer(bytes);
    await done;
  }

  #type(type) {
    if (!canPlay(type)) {
      throw Object.assign(new Error(type), { error: 'codec' });
    }
    if (this.#buffer) {
      this.#buffer.changeType(type);
    } else {
      this.#buffer = this.#source.addSourceBuffer(type);
    }
  }

  // Does it play as it is? Then its beginning is there.
  async #beginning(part) {
    if (!this.#inits.has(part.init)) {
      this.#inits.set(part.init, await this.#piece(part.init, 0));
    }
    const init = this.#inits.get(part.init);
    const type = typeOf(init);
    if (!canPlay(type)) return false;
    if (!this.#source || this.#init === part.init) return true;
    this.#type(type);
    await this.#append(init);
    this.#init = part.init;
    return true;
  }

  async #pieces(part, most, h264) {
    for (let at = 0, size = most; this.#source && size === most; at += size) {
      const bytes = await this.#piece(part.i, at, h264);
      if (!this.#source) return;
      if (at === 0 && h264) this.#type(typeOf(bytes));
      if (at === 0) this.#buffer.timestampOffset = part.from - part.pts;
      size = bytes.length;
      if (size) await this.#append(bytes);
    }
  }

  async #load(part) {
    if (await this.#beginning(part)) {
      await this.#pieces(part, PIECE, '');
    } else {
      this.converted = true;
      this.#init = -1;
      await inTurn(() => this.#pieces(part, PIECE_H264, '&h264=1'));
    }
    part.has = true;
    const is = Math.abs(this.video.currentTime - this.#at) < NEAR_S;
    if (!is && this.part(this.#at)?.has) this.video.currentTime = this.#at;
  }

  // What is far from what is shown goes.
  async #forget() {
    const buffer = this.#buffer;
    const far = KEPT_S * Math.max(1, this.#speed);
    for (const [from, to] of [[0, this.#at - far],
      [this.#at + far, Infinity]]) {
      const gone = this.#parts.filter((part) => part.has && part.from >= from
        && part.to <= to);
      if (gone.length && this.#buffer === buffer) {
        const done = new Promise((then) => {
          buffer.addEventListener('updateend', then, { once: true });
        });
        buffer.remove(gone[0].from, gone.at(-1).to);
        await done;
        for (const part of gone) part.has = false;
      }
    }
  }
}
