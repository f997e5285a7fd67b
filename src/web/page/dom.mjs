// Elements without HTML text, and moments as people write them.
import { language, t } from './text.mjs';

// make('button', { type: 'button', onclick: f }, 'Go', other): an element.
// A null attribute is left out; a function is listened with.
export function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...inside.flat().filter((one) => one !== null));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function draw(name, attributes = {}, ...inside) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

// Text that is only touched when it changed, so that readers of screens stay
// calm.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const PRESSED = 'a[href], button, input, select, textarea, [tabindex]';

const isLike = (one, was) => one.tagName === was.tagName
  && one.id === was.id && (Boolean(was.id) || ['href', 'name', 'value',
  'aria-label', 'type'].every((key) => one.getAttribute(key)
    === was.getAttribute(key)));

// Other children, and who stood on one of them stands on its like again, else
// on the first that can be pressed, or on the page.
export function renew(parent, ...inside) {
  const was = document.activeElement;
  const isIn = was !== parent && parent.contains(was);
  const at = isIn && was.matches('input:not([type]), textarea')
    ? [was.selectionStart, was.selectionEnd] : null;
  parent.replaceChildren(...inside.flat());
  if (!isIn) return;
  const all = [...parent.querySelectorAll(PRESSED)];
  const next = all.find((one) => isLike(one, was)) ?? all[0]
    ?? document.getElementById('main');
  next.focus({ preventScroll: true });
  if (at && isLike(next, was)) next.setSelectionRange(...at);
}

const format = (options) => new Intl.DateTimeFormat(language(),
  { hourCycle: 'h23', ...options });

export const clock = (at) => format({ hour: '2-digit', minute: '2-digit',
  second: '2-digit' }).format(new Date(at));

export const day = (at) => format({ day: 'numeric', month: 'short',
  year: 'numeric' }).format(new Date(at));

export const moment = (at) => `${day(at)}, ${clock(at)}`;

// 7 s, 12 min, 3 h, 5 days: as much as one looks at.
export function lasting(seconds) {
  const [most, key, unit] = [[90, 'span.s', 1], [5400, 'span.min', 60],
    [172800, 'span.h', 3600], [Infinity, 'span.days', 86400]]
    .find(([limit]) => seconds < limit);
  return most ? t(key, { n: Math.max(0, Math.round(seconds / unit)) }) : '';
}

// How far a camera's own clock is off, as it says; '' when it does not.
export const clockWords = (ms) => (ms === null || ms === undefined ? ''
  : Math.abs(ms) <= 2000 ? t('clock.right')
    : t(ms < 0 ? 'clock.slow' : 'clock.fast',
      { off: lasting(Math.abs(ms) / 1000) }));

// A set of <option>s; each is [value, words].
export const choice = (label, chosen, options, change) => make('label',
  { class: 'choice' }, make('span', {}, label), make('select',
    { onchange: (event) => change(event.target.value) },
    options.map(([value, words]) => make('option',
      { value, selected: value === chosen }, words))));

// Keys that words of ours name, where they lie on a keyboard that writes
// Cyrillic.
const KEYS = { Comma: ',', Period: '.', BracketLeft: '[', BracketRight: ']',
  KeyJ: 'j', KeyK: 'k', KeyL: 'l' };

export const keyOf = ({ key, code }) => (/^[\u0400-\u04ff]$/.test(key)
  ? KEYS[code] : key);
