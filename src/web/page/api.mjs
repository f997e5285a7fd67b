// What the station is asked. A refusal is thrown, with its word in .error.
import { has, t } from './text.mjs';

let csrf = '';
let gone = () => {};

export class Refused extends Error {}

// `whenGone` is called when the session has ended.
export function begin(session, whenGone) {
  csrf = session?.csrf ?? '';
  gone = whenGone;
}

function refusal(status, got) {
  const key = `error.${got.error}`;
  return Object.assign(new Refused(has(key) ? t(key)
    : got.words ?? t('error.other', { word: got.error ?? status })), got);
}

// With `fields` a POST, else a GET.
export async function ask(path, fields) {
  let answer;
  try {
    answer = await fetch(path, fields ? {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Sting-Csrf': csrf },
      body: JSON.stringify(fields),
    } : {});
  } catch {
    throw Object.assign(new Refused(t('error.away')), { error: 'away' });
  }
  const got = await answer.json();
  if (answer.ok) return got;
  if (got.error === 'no-session') gone();
  throw refusal(answer.status, got);
}
