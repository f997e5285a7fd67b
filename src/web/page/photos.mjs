// Photographs dropped here are traced once somebody unlocks, on the machine,
// what that takes; then what was found is shown.
import { ask } from './api.mjs';
import { make, moment, renew, say } from './dom.mjs';
import { t, word } from './text.mjs';

const PIECE = 32 * 1024;
const MOST = 16 * 1024 * 1024;

function base64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

// In pieces; `tell` hears how far it is, 0 to 1.
async function send(file, tell) {
  if (file.size > MOST) {
    throw Object.assign(new Error(t('photo.too-long', { name: file.name })),
      { error: 'too-long' });
  }
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE)
      .arrayBuffer());
    await ask('/api/photo', { name: file.name.slice(-100),
      size: `${file.size}`, at: `${at}`, part: base64(piece) });
    tell(Math.min(1, (at + PIECE) / file.size));
  }
}

const power = (log10) => (log10 < 4 ? `${Math.floor(10 ** log10)}`
  : t('photo.power', { n: Math.floor(log10) }));

// One finding as a sentence; what is shown of it is the command's to say.
function sentence(finding, { holders, waits }) {
  const { verdict, bait, page, copy } = finding;
  const holder = holders.get(copy);
  const where = { bait, page: page ?? finding.page_list?.join(', ') ?? '' };
  if (verdict === 'none' && !finding.excluded) {
    return t('verdict.unknown', where);
  }
  if (verdict !== 'attributed') return t(`verdict.${verdict}`, where);
  return [t('verdict.attributed', { ...where, copy,
    n: power(finding.log10_lr) }), holder
    ? t('photo.holder', { holder }) : t(waits ? 'photo.unread'
      : 'photo.blind', { copy })].join(' ');
}

const found = (findings, names) => findings.map((finding) => make('p',
  { class: `verdict ${finding.verdict}` }, sentence(finding, names)));

function row(photo, names) {
  const state = photo.state === 'at-work'
    ? t('photo.at-work', { n: photo.percent }) : word('photo', photo.state);
  const pictures = [...Array(photo.pictures)].map((_, n) => make('img', {
    src: `/api/trace/file?photo=${photo.photo}&n=${n}`,
    alt: t('photo.drawn', { name: photo.name ?? '' }) }));
  return make('li', {}, make('h3', {}, photo.name
    ?? t('photo.sealed', { n: photo.photo })),
  make('p', { class: 'hint' }, [photo.by ? t('photo.given', { by: photo.by,
    at: moment(photo.at) }) : null, state, photo.why].filter(Boolean)
    .join('; ')), photo.state === 'at-work' ? make('progress', { max: 100,
    value: photo.percent, 'aria-label': state }) : '',
  found(photo.findings, names), pictures);
}

export class Photos {
  #input = make('input', { id: 'photos', type: 'file', multiple: true,
    accept: 'image/*,video/*,.pdf,.heic,.tif,.tiff', class: 'unseen' });
  #said = make('p', { role: 'status' });
  #alert = make('p', { role: 'alert' });
  #bar = make('progress', { max: 1, hidden: true,
    'aria-label': t('photo.sending') });
  #list = make('ul', { class: 'photos' });
  #told = '';
  // Holders that may be read of copies; may the report; do others wait?
  #names = { holders: new Map(), reads: false, waits: false };
  #drop = make('label', { class: 'drop', for: 'photos' }, t('photo.drop'),
    this.#input);
  section = make('section', { 'aria-label': t('photo.title') },
    make('h2', {}, t('photo.title')), this.#drop, this.#bar, this.#said,
    this.#alert, this.#list);

  constructor() {
    this.#input.addEventListener('change', () => this.#take(this.#input.files));
    for (const name of ['dragover', 'drop', 'dragleave']) {
      this.#drop.addEventListener(name, (event) => {
        event.preventDefault();
        this.#drop.classList.toggle('over', name === 'dragover');
        if (name === 'drop') this.#take(event.dataTransfer.files);
      });
    }
  }

  async #take(files) {
    say(this.#alert, '');
    this.#bar.hidden = false;
    try {
      for (const file of files) {
        say(this.#said, t('photo.sends', { name: file.name }));
        await send(file, (part) => { this.#bar.value = part; });
      }
      say(this.#said, t('photo.sent', { n: files.length }));
      await this.look(this.#names);
    } catch (error) {
      if (!error.error) throw error;
      say(this.#said, '');
      say(this.#alert, error.message);
    } finally {
      this.#bar.hidden = true;
      this.#input.value = '';
    }
  }

  // Is there a report?
  async look(names) {
    const got = await ask('/api/traces');
    const told = JSON.stringify([got, [...names.holders], names.reads,
      names.waits]);
    this.#names = names;
    if (told !== this.#told) this.#tell(got, told); // who reads is not disturbed
    return got.has_report;
  }

  #tell(got, told) {
    const now = this.#names;
    this.#told = told;
    const waits = got.photos.some(({ state }) => state === 'waiting');
    const names = [...got.photos, { findings: got.together }].some(
      ({ findings }) => findings.some(({ copy }) => copy));
    renew(this.#list, [
      waits ? make('li', { class: 'hint' }, t('photo.waits')) : null,
      got.has_report && now.reads ? make('li', {}, make('a',
        { href: '/api/trace/file?photo=0&n=0', target: '_blank' },
        t('photo.report'))) : null,
      got.report_bytes && !got.has_report ? make('li', { class: 'hint' },
        t('photo.report.large', { n: Math.ceil(got.report_bytes / 2 ** 20) }))
        : null,
      got.together.length ? make('li', {}, make('h3', {},
        t('photo.together')), found(got.together, now), got.together_left
        ? make('p', { class: 'hint' }, t('photo.left',
          { n: got.together_left })) : '') : null,
      names ? make('li', { class: 'hint' }, t('photo.limits')) : null,
      ...got.photos.toReversed().map((one) => row(one, now))].filter(Boolean));
  }
}
