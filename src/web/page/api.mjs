// What the station is asked. A refusal is thrown, with its word in .error.
import { has, t } from './text.mjs';

let csrf = '';
let gone = () => {};

// A person is here: told with the next question, so that what a page asks by
// itself keeps nobody logged in.
let here = false;
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel']) {
  addEventListener(kind, () => { here = true; },
    { capture: true, passive: true });
}

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

async function answerOf(path, fields) {
  const person = here ? { 'X-Sting-Here': '1' } : {};
  here = false;
  try {
    return await fetch(path, fields ? {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Sting-Csrf': csrf },
      body: JSON.stringify(fields),
    } : { headers: person });
  } catch {
    throw Object.assign(new Refused(t('error.away')), { error: 'away' });
  }
}

function refuse(answer, got) {
  if (got.error === 'no-session') gone();
  throw refusal(answer.status, got);
}

// With `fields` a POST, else a GET.
export async function ask(path, fields) {
  const answer = await answerOf(path, fields);
  const got = await answer.json();
  return answer.ok ? got : refuse(answer, got);
}

// The same where the answer is no JSON.
export async function bytesOf(path, fields) {
  const answer = await answerOf(path, fields);
  return answer.ok ? answer : refuse(answer, await answer.json());
}
