// Every word that people read, in every language, from one table.
import { account } from './text_account.mjs';
import { bait } from './text_bait.mjs';
import { days } from './text_days.mjs';
import { health } from './text_health.mjs';
import { now } from './text_now.mjs';
import { photo } from './text_photo.mjs';
import { play } from './text_play.mjs';
import { settings } from './text_settings.mjs';
import { table } from './text_table.mjs';

export const LANGUAGES = [['en', 'English'], ['uk', 'Українська']];
const all = { ...account, ...now, ...health, ...days, ...play, ...settings,
  ...table, ...bait, ...photo };
let column = 0;

// The language called so, "uk-UA" too; English for one that there is not.
export function speak(name) {
  column = Math.max(0, LANGUAGES.findIndex(([code]) =>
    code === name.slice(0, 2).toLowerCase()));
  localStorage.setItem('sting-language', language());
  document.documentElement.lang = language();
}

export const language = () => LANGUAGES[column][0];

export const has = (key) => key in all;

// The words of a key, with {name} filled in. A key that there is not shows
// itself, and a test finds it.
export function t(key, values = {}) {
  const words = all[key]?.[column];
  return words === undefined ? key : words.replace(/\{(\w+)\}/g,
    (mark, name) => values[name] ?? mark);
}

// The words for a word of the program, or that word.
export const word = (group, name) =>
  (has(`${group}.${name}`) ? t(`${group}.${name}`) : name ?? '');
