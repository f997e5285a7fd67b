// Looking back, by keyboard and by mouse: the strip of time, and incidents.
import { accessible } from './axe.mjs';
import { check } from './open.mjs';

const HOUR = 3600000;
const SHOTS = { out: '.' };

const span = (page) => {
  const [, from, to] = /#\/timeline\/(\d+)\/(\d+)$/.exec(page.url()) ?? [];
  return [+from, +to];
};

const mark = async (page) => [
  +await page.getByRole('slider').getAttribute('aria-valuenow'),
  await page.getByRole('slider').getAttribute('aria-valuetext')];

// The address changes once the record of the new stretch has come; a drag is
// several stretches, the last of which counts.
async function moved(page, act) {
  const before = page.url();
  await act();
  await page.waitForFunction((was) => {
    const { from, to } = document.querySelector('sting-strip')?.span ?? {};
    return location.href !== was && location.hash === `#/timeline/${from}/${to}`;
  }, before);
  return span(page);
}

const long = ([from, to]) => to - from;

const near = (is, wanted, off, sentence) =>
  check(Math.abs(is - wanted) <= off, sentence, [is, wanted]);

async function keyboard(page) {
  await page.getByRole('slider').focus();
  const before = span(page);
  const closer = await moved(page, () => page.keyboard.press('+'));
  near(long(closer), long(before) / 2, 5, 'plus halves the stretch');
  const [at] = await mark(page);
  await page.keyboard.press('ArrowRight');
  near((await mark(page))[0], at + 10, 1, 'an arrow moves the mark by 1 %');
  await page.keyboard.press('End');
  check((await mark(page))[0] === 1000, 'End is the end', await mark(page));
  await page.keyboard.press('Shift+ArrowLeft');
  const [, words] = await mark(page);
  check(words.split(';').length > 2, 'Shift and arrow go to what happened',
    words);
  const wider = await moved(page, () => page.keyboard.press('-'));
  near(long(wider), long(before), 5, 'minus doubles it again');
}

const chosen = (page) => page.evaluate(() =>
  document.querySelector('sting-strip').chosen);

// A stretch is chosen at the mark, looked at, and let go of.
async function by_brackets(page) {
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('[');
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press(']');
  const before = span(page);
  const [from, to] = await chosen(page);
  near(from - before[0], long(before) * 0.1, 1000, '[ is where the mark was');
  near(to - from, long(before) * 0.2, 1000, '] is where it came to');
  check((await mark(page))[1].includes('chosen: '), 'and is told',
    await mark(page));
  const closer = await moved(page, () => page.getByRole('button',
    { name: 'Look closer' }).press('Enter'));
  near(closer[0], from, 5, 'what is chosen is looked at');
  near(closer[1], to, 5, 'to its end');
  await page.getByRole('slider').focus();
  await page.keyboard.press('Escape');
  check(await chosen(page) === null, 'Escape lets it go');
  await page.locator('.choice-of-time').waitFor({ state: 'hidden' });
  await moved(page, () => page.getByRole('button',
    { name: 'all', exact: true }).click());
}

async function mouse(page) {
  const box = await page.getByRole('slider').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + 50];
  const before = span(page);
  const pull = async (height) => {
    await page.mouse.move(x, height);
    await page.mouse.down();
    await page.mouse.move(x + 50, height, { steps: 4 });
    await page.mouse.move(x + 100, height, { steps: 4 });
    await page.mouse.up();
  };
  const dragged = await moved(page, () => pull(box.y + 10));
  near(before[0] - dragged[0], 100 / box.width * long(before),
    long(before) / 200, 'a scale that is dragged follows the mouse');
  await pull(y);
  const [from, to] = await chosen(page);
  near(from - dragged[0], long(dragged) / 2, long(dragged) / 200,
    'what is dragged over is chosen from there');
  near(to - from, Math.max(1000, 100 / box.width * long(dragged)),
    long(dragged) / 200, 'and up to there, a second at least');
  check(await page.locator('rect.chosen').count() === 1, 'it is drawn');
  await page.screenshot({ path: `${SHOTS.out}/chosen.png` });
  await page.getByRole('button', { name: 'Choose nothing' }).click();
  await page.mouse.click(box.x + box.width / 4, y);
  near((await mark(page))[0], 250, 6, 'a click sets the mark');
  const wheeled = await moved(page, () => page.mouse.wheel(0, -100));
  near(long(wheeled), 0.8 * long(before), 5, 'the wheel goes closer');
  const day = await moved(page, () => page.getByRole('button',
    { name: '1 day' }).click());
  near(long(day), 24 * HOUR, 5, 'a button shows a day');
}

// What is drawn is what the station tells: the same places within 1.5 px.
async function drawn(page) {
  await moved(page, () => page.evaluate(() => {
    location.hash = `#/timeline/${Date.now() - 60000}/${Date.now() + 60000}`;
  }));
  await page.locator('rect.recorded').first().waitFor();
  const [is, wanted, gaps] = await page.evaluate(async () => {
    const [from, to] = location.hash.split('/').slice(2).map(Number);
    const time = (at) => encodeURIComponent(new Date(at).toISOString());
    const got = await (await fetch(
      `/api/timeline?from=${time(from)}&to=${time(to)}&parts=10`)).json();
    const { clientWidth: width } = document.querySelector('.slide');
    const first = got.cameras.find(({ recorded }) => recorded.length);
    return [+document.querySelector('rect.recorded').getAttribute('x'),
      (Date.parse(first.recorded[0][0]) - from) / (to - from) * width,
      document.querySelectorAll('rect.gap').length];
  });
  near(is, Math.max(-1, wanted), 1.5, 'recordings stand at their time');
  check(gaps > 0, 'the gap of the crash is drawn', gaps);
  const ends = await page.evaluate(() => ['rect.recorded', 'clipPath rect']
    .map((name) => [...document.querySelectorAll(name)].map((rect) =>
      ['x', 'width'].map((key) => rect.getAttribute(key)).join()).join(';')));
  check(ends[0] === ends[1], 'movement is told only where it is kept', ends);
  const colours = await page.evaluate(() => ['.recorded', '.bed', 'rect.gap']
    .map((name) => getComputedStyle(document.querySelector(name)).fill));
  check(new Set(colours).size === 3, 'each has its colour', colours);
}

// What a note says is read once it was opened on the machine, with a reason.
async function read_back(page, out) {
  await page.getByText('sting log OP --list --show').waitFor();
  console.error('a note is sealed');
  await page.locator('#why-notes').waitFor({ timeout: 60000 });
  const before = await page.evaluate(async () =>
    (await fetch('/api/notes')).json());
  check(before.notes.length === 0 && before.waiting === 2,
    'nothing is read before somebody says why', before);
  await accessible(page, 'notes that wait to be read');
  await page.locator('#why-notes').fill('the report to the board');
  await page.keyboard.press('Enter');
  await page.locator('blockquote').getByText('was asked, and had the key')
    .waitFor();
  await page.locator('blockquote').getByText('the cleaner').waitFor();
  await page.locator('blockquote').getByText('the cable was loose').waitFor();
  check(await page.locator('#why-notes').count() === 0, 'and asked no more');
  await page.screenshot({ path: `${out}/incident-read.png`, fullPage: true });
}

async function incidents(page, out) {
  await page.getByRole('link', { name: /^Incident 1, / }).first().click();
  await page.getByRole('heading', { name: 'Incident 1' }).waitFor();
  await page.getByText('nobody has seen to it').waitFor();
  await page.getByRole('slider').waitFor();
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${out}/incident.png`, fullPage: true });
  await page.getByLabel('false alarm').press('Space');
  await page.getByLabel('More words').fill('the cable was loose');
  await page.keyboard.press('Enter');
  await page.locator('.facts').getByText('false alarm: nobody was there')
    .waitFor();
  await page.getByText('anna, of incident 1: false alarm').waitFor();
  check(await page.getByRole('slider').count() === 1, 'one strip is shown');
  await page.locator('.facts').getByText(/\d; 1 false alarms/).waitFor();
  await page.getByLabel('what became of somebody').press('Space');
  await page.locator('#who').fill('the cleaner');
  await page.locator('#text').fill('was asked, and had the key');
  await page.keyboard.press('Enter');
  await page.getByText('It is sealed.').waitFor();
  await page.getByText('A note about incident 1').waitFor();
  await page.getByText('by anna, sealed').waitFor();
  await read_back(page, out);
  await accessible(page, 'an incident');
  await page.getByRole('link', { name: 'All incidents' }).press('Enter');
  await page.getByRole('row', { name: 'false alarm' }).waitFor();
  await page.getByText('false alarms: 1').waitFor();
}

export async function back(page, out) {
  SHOTS.out = out;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForFunction(() =>
    document.querySelector('sting-camera video')?.currentTime > 0);
  await page.screenshot({ path: `${out}/wall.jpg`, quality: 85 });
  await page.locator('nav a[href="#/timeline"]').click();
  await page.waitForURL(/timeline\/\d+/);
  await drawn(page);
  await moved(page, () => page.getByRole('button',
    { name: 'all', exact: true }).click());
  await page.screenshot({ path: `${out}/timeline.png` });
  check(await page.locator('path.custody').count() > 0,
    'keys that were made are marks of custody');
  await drawn(page);
  await keyboard(page);
  await by_brackets(page);
  await mouse(page);
  await page.locator('nav a[href="#/timeline"]').click();
  await incidents(page, out);
}
