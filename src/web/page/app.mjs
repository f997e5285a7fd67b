// Who is there, what he may see, and the frame around it.
import { ask, begin } from './api.mjs';
import { choice, make } from './dom.mjs';
import { pages } from './pages.mjs';
import { linkForm, signIn } from './sign_in.mjs';
import { LANGUAGES, language, speak, t } from './text.mjs';

let hello = null;
let showing = null; // the page now, if it wants to be told that it ends

const kept = (key) => localStorage.getItem(`sting-${key}`) ?? '';

function theme(name) {
  localStorage.setItem('sting-theme', name);
  document.documentElement.dataset.theme = name;
}

const mine = () => pages.filter(({ isFor }) => isFor(hello.session));

function current() {
  const [, name] = /^#\/([a-z]*)/.exec(location.hash) ?? [];
  return mine().find((page) => page.name === name) ?? mine()[0];
}

async function leave() {
  await ask('/api/logout', {});
  await start();
}

const navigation = (page) => make('nav', { 'aria-label': t('nav.label') },
  make('ul', {}, mine().map(({ name }) => make('li', {}, make('a',
    { href: `#/${name}`, 'aria-current': name === page.name ? 'page' : null },
    t(`nav.${name}`))))));

const top = (page) => make('header', {},
  make('a', { class: 'skip', href: '#main', onclick: (event) => {
    event.preventDefault();
    document.getElementById('main').focus();
  } }, t('nav.skip')),
  make('strong', { class: 'brand' }, 'sting'),
  hello.session ? navigation(page) : '',
  hello.session ? make('div', { class: 'who' },
    make('span', {}, `${hello.session.user}, `
      + t(`role.${hello.session.role}`)),
    make('button', { type: 'button', onclick: leave }, t('nav.out'))) : '');

const bottom = () => make('footer', {},
  choice(t('foot.language'), language(), LANGUAGES, (chosen) => {
    speak(chosen);
    show();
  }),
  choice(t('foot.theme'), kept('theme'), ['', 'light', 'dark'].map((one) =>
    [one, t(`theme.${one || 'system'}`)]), theme),
  make('span', {}, `sting ${hello.version}`),
  make('a', { href: hello.source, rel: 'noreferrer' }, t('foot.source')));

const ackLink = () => /^#ack=([\w.~-]{8,64})$/.exec(location.hash)?.[1];

function body(page) {
  if (ackLink()) return linkForm(ackLink());
  if (hello.session) return page.make(hello.session);
  return signIn(hello, async () => {
    history.replaceState(null, '', '/');
    await start();
  });
}

function show() {
  const page = hello.session ? current() : null;
  document.title = page ? `${t(`nav.${page.name}`)} - sting` : 'sting';
  const main = make('main', { id: 'main', tabindex: -1 });
  document.body.replaceChildren(top(page), main, bottom());
  showing = body(page);
  main.append(showing);
}

async function start() {
  hello = await ask('/api/hello');
  begin(hello.session, () => start());
  show();
}

speak(kept('language') || navigator.language);
theme(kept('theme'));
addEventListener('hashchange', () => {
  if (hello?.session || ackLink()) {
    show();
    document.getElementById('main').focus();
  }
});
await start();
