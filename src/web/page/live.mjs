// Live pictures: <sting-live camera=NAME>. All of a page come over one
// connection; frames as in docs/formats/http.md. What this browser cannot play
// is asked for as H.264.
import { say } from './dom.mjs';
import { t } from './text.mjs';

const BEHIND_S = 0.25; // aimed at
const MOST_BEHIND_S = 0.6; // then it jumps
const KEPT_S = 8; // behind what is shown
const AGAIN_MS = 1000;
const STILL_EVERY_MS = 1000;

const shown = new Map(); // name of a camera -> its elements
const converted = new Set(); // names of those that come as H.264 instead
let abort = null;
let asked = '';

const hex = (byte) => byte.toString(16).padStart(2, '0');

// Profile, compatibility with its bits turned round, tier, level, constraints:
// ISO/IEC 14496-15, annex E.3.
function hevc(name, [, profile, a, b, c, d, ...rest]) {
  const bits = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const turned = [...bits.toString(2).padStart(32, '0')].reverse().join('');
  const [level, ...constraints] = [rest[6], ...rest.slice(0, 6)];
  while (constraints.at(-1) === 0) constraints.pop();
  return [name, ['', 'A', 'B', 'C'][profile >> 6] + (profile & 31),
    parseInt(turned, 2).toString(16), (profile & 32 ? 'H' : 'L') + level,
    ...constraints.map(hex)].join('.');
}

// Profile, level and tier, bits a sample: the codecs parameter of AV1 in MP4.
const av1 = ([, two, three]) => ['av01', two >> 5,
  `${two & 31}`.padStart(2, '0') + (three & 128 ? 'H' : 'M'),
  three & 64 ? '10' : '08'].join('.');

// The codec as MSE wants it, from the boxes of a beginning; '' for what no
// browser plays.
export function typeOf(init) {
  const text = new TextDecoder('latin1').decode(init);
  const found = [['avcC', (at) => `avc1.${[...at.subarray(1, 4)].map(hex)
    .join('')}`], ['hvcC', (at) => hevc(text.includes('hvc1') ? 'hvc1'
    : 'hev1', at)], ['av1C', av1]].find(([box]) => text.includes(box));
  return found ? `video/mp4; codecs="${found[1](
    init.subarray(text.indexOf(found[0]) + 4))}"` : '';
}

export const canPlay = (type) => Boolean(type)
  && Boolean(globalThis.MediaSource?.isTypeSupported(type));

class StingLive extends HTMLElement {
  #video = document.createElement('video');
  #still = document.createElement('img');
  #note = document.createElement('p');
  #source = null;
  #buffer = null;
  #waiting = [];
  #end = { media: 0, utc: 0 };
  #timer = 0;
  #state = '';

  get name() { return this.getAttribute('camera'); }

  // How old the picture is that is seen now, in seconds.
  get behind() {
    if (!this.#buffer?.buffered.length) return NaN;
    const media = this.#buffer.buffered.end(this.#buffer.buffered.length - 1);
    return Date.now() / 1000 - this.#end.utc
      + (media - this.#video.currentTime);
  }

  get video() { return this.#video; }

  connectedCallback() {
    Object.assign(this.#video, { muted: true, autoplay: true,
      playsInline: true, disablePictureInPicture: true });
    this.#video.setAttribute('aria-hidden', 'true');
    this.#still.alt = '';
    this.#still.hidden = true;
    this.#note.setAttribute('role', 'status');
    this.replaceChildren(this.#video, this.#still, this.#note);
    if (!shown.has(this.name)) shown.set(this.name, new Set());
    shown.get(this.name).add(this);
    this.#tell('connecting');
    asked = ''; // who comes new needs a beginning, of a camera shown before too
    connect();
  }

  disconnectedCallback() {
    shown.get(this.name)?.delete(this);
    if (!shown.get(this.name)?.size) shown.delete(this.name);
    this.#end_();
    connect();
  }

  #tell(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.dataset.state = state;
    this.dispatchEvent(new CustomEvent('sting-live-state', {
      detail: state, bubbles: true }));
  }

  #end_() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#waiting = [];
    this.#buffer = null;
    this.#source = null;
    if (this.#video.src) URL.revokeObjectURL(this.#video.src);
    this.#video.removeAttribute('src');
  }

  lost() { this.#tell('lost'); }

  // What the browser cannot play is shown as a still each second.
  #stills() {
    this.#video.hidden = true;
    this.#still.hidden = false;
    const next = async () => {
      const answer = await fetch(`/api/snapshot?camera=${this.name}`);
      if (!answer.ok) return this.#tell('lost');
      const before = this.#still.src;
      this.#still.src = URL.createObjectURL(await answer.blob());
      if (before) URL.revokeObjectURL(before);
      return this.#tell('on');
    };
    next();
    this.#timer = setInterval(next, STILL_EVERY_MS);
  }

  // It cannot be converted now: "busy" or "failed".
  cannot(why) {
    this.#end_();
    say(this.#note, t(`live.${why}`));
    this.#stills();
  }

  init(bytes) {
    const type = typeOf(bytes);
    this.#end_();
    say(this.#note, '');
    if (!canPlay(type)) {
      if (converted.has(this.name) || !globalThis.MediaSource) {
        this.#stills(); // as H.264 it could not play it either
      } else {
        converted.add(this.name);
        connect();
      }
      return;
    }
    this.#video.hidden = false;
    this.#still.hidden = true;
    const source = new MediaSource();
    this.#source = source;
    this.#waiting = [bytes];
    source.addEventListener('sourceopen', () => {
      if (this.#source !== source) return;
      this.#buffer = source.addSourceBuffer(type);
      this.#buffer.addEventListener('updateend', () => this.#next());
      this.#buffer.addEventListener('error', () => this.#tell('lost'));
      this.#next();
    }, { once: true });
    this.#video.src = URL.createObjectURL(source);
  }

  piece(bytes, utc) {
    if (!this.#source) return;
    this.#waiting.push(bytes);
    this.#end.utc = utc;
    this.#next();
  }

  #next() {
    const buffer = this.#buffer;
    if (!buffer || buffer.updating) return;
    this.#follow();
    if (!this.#waiting.length) return;
    const size = this.#waiting.reduce((sum, part) => sum + part.length, 0);
    const all = new Uint8Array(size);
    let at = 0;
    for (const part of this.#waiting.splice(0)) {
      all.set(part, at);
      at += part.length;
    }
    try {
      buffer.appendBuffer(all);
    } catch {
      this.#tell('lost'); // until it begins anew
      this.#end_();
    }
  }

  // Stay a quarter of a second behind the newest picture.
  #follow() {
    const video = this.#video;
    const ranges = this.#buffer.buffered;
    if (!ranges.length) return;
    const first = ranges.start(0);
    const end = ranges.end(ranges.length - 1);
    const behind = end - video.currentTime;
    if (behind > MOST_BEHIND_S || behind < 0 || video.currentTime < first) {
      video.currentTime = Math.max(first, end - BEHIND_S);
    }
    video.playbackRate = behind > BEHIND_S * 1.6 ? 1.06
      : behind < BEHIND_S * 0.5 ? 0.96 : 1;
    if (video.paused) video.play().catch(() => {});
    this.#tell('on');
    if (video.currentTime - first > 2 * KEPT_S) {
      this.#buffer.remove(0, video.currentTime - KEPT_S);
    }
  }
}

function frameTake(frame) {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const [kind, , size] = frame.subarray(4, 7);
  const name = new TextDecoder().decode(frame.subarray(24, 24 + size));
  const utc = Number(view.getBigInt64(8)) / 1e6;
  for (const element of shown.get(name) ?? []) {
    const bytes = frame.subarray(24 + size);
    if (kind === 0) element.init(bytes);
    if (kind === 1) element.piece(bytes, utc);
    if (kind === 3) element.cannot(new TextDecoder().decode(bytes));
  }
}

// Whole frames out of what has come; gives what is left.
function framesTake(held) {
  let at = 0;
  while (held.length - at >= 24) {
    const size = new DataView(held.buffer, held.byteOffset + at).getUint32(0);
    if (held.length - at < 4 + size) break;
    frameTake(held.subarray(at, at + 4 + size));
    at += 4 + size;
  }
  return held.subarray(at);
}

function joined(left, right) {
  if (!left.length) return right;
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

async function follow(cameras, signal) {
  const answer = await fetch(`/api/live?${cameras}`, { signal });
  if (!answer.ok) throw new Error(String(answer.status));
  const reader = answer.body.getReader();
  let held = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error('ended');
    held = framesTake(joined(held, value));
  }
}

async function keep(cameras, signal) {
  while (!signal.aborted) {
    try {
      await follow(cameras, signal);
    } catch {
      if (signal.aborted) return;
      for (const elements of shown.values()) {
        elements.forEach((element) => element.lost());
      }
      await new Promise((then) => { setTimeout(then, AGAIN_MS); });
    }
  }
}

// One connection for the cameras that are shown, begun anew when they change.
let soon = 0;
function connect() {
  clearTimeout(soon);
  soon = setTimeout(() => {
    const names = [...shown.keys()].sort();
    const h264 = names.filter((name) => converted.has(name)).join();
    const cameras = names.length ? `cameras=${names.join()}${h264
      && `&h264=${h264}`}` : '';
    if (cameras === asked) return;
    asked = cameras;
    abort?.abort();
    abort = cameras ? new AbortController() : null;
    if (abort) keep(cameras, abort.signal);
  }, 0);
}

customElements.define('sting-live', StingLive);
