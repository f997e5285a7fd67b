// What happened, as a sentence.
import { t, word } from './text.mjs';

// What an incident is named after; where page watch alone told of it, that.
export const kindOf = (kind, tier) =>
  (kind === 'page' && tier === 'presence' ? 'page-alone' : kind);

const WORDS = {
  incident: (name, { tier }) => word('kind', kindOf(name, tier)),
  trace: (name) => word('found', name),
  ack: (name) => word('mark', name ?? 'seen'),
  go: (name) => word('team', name),
  page: (name) => word('page', name),
  gap: (name) => word('gap', name),
  alert: (name) => word('alert', name),
  unlock: (name) => word('unlock', name),
  custody: (name) => word('custody', name),
  export: (name) => word('export', name),
  erase: (name) => word('erase', name),
};

export function told(event) {
  const said = (WORDS[event.what] ?? ((name) => name ?? ''))(event.word, event);
  const alone = event.what === 'note' && !event.incident ? '-alone' : '';
  return t(`did.${event.what}${alone}`, { n: event.incident ?? '', word: said,
    camera: event.camera ?? t('time.everywhere'), zone: event.zone ?? event.camera ?? '',
    by: event.by ?? '', text: event.text ?? '' }).trim();
}

export const begin = (event) => Date.parse(event.from ?? event.at);

// Who opened, saw, took out or deleted something.
const CUSTODY = ['unlock', 'custody', 'export', 'release', 'dossier', 'erase'];

// "touch", "presence", "gap", "custody", "trace", "other": what it looks like
// on a strip.
export function look({ what, tier }) {
  if (what === 'incident') return tier ?? 'presence';
  if (CUSTODY.includes(what)) return 'custody';
  return ['gap', 'trace'].includes(what) ? what : 'other';
}
