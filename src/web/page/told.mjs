// What happened, as a sentence.
import { t, word } from './text.mjs';

const WORDS = {
  incident: (name) => word('kind', name),
  trace: (name) => word('found', name),
  ack: (name) => word('mark', name ?? 'seen'),
  go: (name) => word('team', name),
  page: (name) => word('page', name),
  gap: (name) => word('gap', name),
  alert: (name) => word('alert', name),
  unlock: (name) => word('unlock', name),
};

export function told(event) {
  const said = (WORDS[event.what] ?? ((name) => name ?? ''))(event.word);
  return t(`did.${event.what}`, { n: event.incident ?? '', word: said,
    camera: event.camera ?? t('time.everywhere'), zone: event.zone ?? event.camera ?? '',
    by: event.by ?? '', text: event.text ?? '' }).trim();
}

export const begin = (event) => Date.parse(event.from ?? event.at);

// "touch", "presence", "gap", "other": what it looks like on a strip.
export function look(event) {
  if (event.what === 'incident') return event.tier ?? 'presence';
  return event.what === 'gap' ? 'gap' : 'other';
}
