// A stretch of time in milliseconds, and the marks of a clock on it.
const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const RANGES = [['10min', 10 * MINUTE], ['hour', HOUR], ['day', DAY],
  ['week', 7 * DAY], ['month', 30 * DAY]];
const LEAST = 5000;
const MOST = 4000 * DAY;
const STEPS = [1000, 5000, 15000, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR,
  3 * HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY];

export class Span {
  constructor(from, to) {
    const long = Math.min(MOST, Math.max(LEAST, to - from));
    this.from = Math.round((from + to - long) / 2);
    this.to = this.from + Math.round(long);
  }

  get long() { return this.to - this.from; }

  holds(at) { return at >= this.from && at <= this.to; }

  moved(part) {
    return new Span(this.from + part * this.long, this.to + part * this.long);
  }

  // `times` as long, with `at` where it was.
  zoomed(times, at) {
    const from = at - (at - this.from) * times;
    return new Span(from, from + this.long * times);
  }

  // Where on a strip of that width, and back.
  x(at, width) { return (at - this.from) / this.long * width; }

  at(x, width) { return this.from + x / width * this.long; }

  // Moments to be told, at most `most`, at whole steps of the local clock.
  ticks(most) {
    const step = STEPS.find((one) => this.long / one <= most) ?? 730 * DAY;
    const off = new Date(this.from).getTimezoneOffset() * MINUTE;
    const ticks = [];
    for (let at = Math.ceil((this.from - off) / step) * step + off;
      at <= this.to; at += step) {
      ticks.push(at);
    }
    return { ticks, step };
  }
}
