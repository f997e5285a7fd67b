// Sealed footage, played. Usage: play.mjs ADDRESS OUT-FOLDER FROM TO OP WORDS...
// Logs in as cleo, a custodian; asks, is confirmed by `sting unlock OP --code
// CODE WORDS...` and sees; another login of hers, and vera, a viewer, do not.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { accessible } from './axe.mjs';
import { browsing, check, end, fits, visitor } from './open.mjs';

const [home, out, from, to, op, ...words] = process.argv.slice(2);
const password = 'seven green watering cans';
const REFUSED = [400, 403, 404];

async function someone(browser, name, refused = REFUSED) {
  const { page, wrong } = await visitor(browser, { width: 1440, height: 900 },
    refused);
  await page.goto(home);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('nav a[href="#/timeline"]').waitFor();
  await page.goto(`${home}#/timeline/${from}/${to}`);
  await page.locator('sting-strip svg rect.recorded').first().waitFor();
  return { page, wrong };
}

const read = (page, number, file = 0) => page.evaluate(async ([play, i]) =>
  (await fetch(`/api/play/piece?play=${play}&file=${i}`)).status,
[number, file]);

// The colour that a decoded picture has in its middle: "red", "lime", "blue".
const colours = (page) => page.evaluate(() => [...document.querySelectorAll(
  'sting-player video')].map((video) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 4;
  const draw = canvas.getContext('2d');
  if (video.hidden || !video.videoWidth) return 'none';
  draw.drawImage(video, 0, 0, 4, 4);
  const rgb = [...draw.getImageData(1, 1, 1, 1).data].slice(0, 3);
  const most = Math.max(...rgb);
  return most < 60 ? 'dark' : ['red', 'lime', 'blue'][rgb.indexOf(most)];
}));

const where = (page) => page.evaluate(() =>
  document.querySelector('sting-player').at);

async function seek(page, seconds) {
  await page.evaluate((at) => document.querySelector('sting-player').seek(at),
    seconds);
  await page.waitForFunction((at) => [...document.querySelectorAll(
    'sting-player video')].every((video) => video.hidden || (!video.seeking
      && Math.abs(video.currentTime - at) < 0.02 && video.readyState > 1)),
  seconds);
}

// What is seen, sooner or later as it has to be: a picture is composed some
// time after it was decoded, and on a busy machine that takes its time.
async function seenAs(page, is, wanted, sentence) {
  const until = Date.now() + 10000;
  let got = await colours(page);
  while (!is(got) && Date.now() < until) {
    await page.waitForTimeout(40);
    got = await colours(page);
  }
  check(is(got), sentence, [wanted, got]);
  return got;
}

const shows = (page, wanted, sentence) =>
  seenAs(page, (got) => got.join().startsWith(wanted), wanted, sentence);

// What each camera shows for two seconds each, as the story films it.
const films = { garage: ['red', 'lime', 'blue'],
  yard: ['blue', 'lime', 'red'] };

// Of each camera what it showed then; just before a change either will do. The
// ledger tells when each film began: on a busy machine one does so later.
const filmed = (page) => page.evaluate((colours) => {
  const { at, play } = document.querySelector('sting-player');
  return play.cameras.split(',').map((camera) => {
    const first = Math.min(...play.files.filter((file) =>
      file.camera === camera && !file.is_init).map((file) => file.t0_us));
    return [-100, 100].map((ms) =>
      colours[camera][Math.floor((at + ms - first / 1000) / 2000)] ?? 'none');
  });
}, films);

async function showsBoth(page, sentence) {
  const wanted = await filmed(page);
  return seenAs(page, (got) => wanted.every((may, i) => may.includes(got[i])),
    wanted, sentence);
}

// What is chosen on the strip is what would be asked for.
async function wished(page) {
  const strip = page.getByRole('slider', { name: 'Strip of time' });
  const told = () => page.locator('sting-play .span').innerText();
  const all = await told();
  await strip.focus();
  for (const key of ['Home', ...Array(5).fill('ArrowRight'), '[', 'End',
    'ArrowLeft', ']']) { // over a second later: times are told in whole ones
    await page.keyboard.press(key);
  }
  const [first, last] = await page.evaluate(() =>
    document.querySelector('sting-strip').chosen);
  check(Math.abs(last - first - (to - from) * 0.94) < 1000,
    'a stretch is chosen by keyboard', [first, last]);
  const part = await told();
  check(part !== all, 'and would be asked for', all);
  await page.keyboard.press('Enter');
  check(await page.evaluate(() => document.activeElement.id) === 'reason',
    'Enter goes to where the reason is given');
  await strip.focus();
  await page.keyboard.press('Escape');
  check(await page.evaluate(() => document.querySelector(
    'sting-strip').chosen === null) && await told() !== part,
  'Escape: all of it again, as far as it is now', [part, await told()]);
}

async function asked(page) {
  check(await page.locator('sting-player').count() === 0,
    'nothing is shown before it is asked for');
  await wished(page);
  await page.locator('#reason').fill('who moved the drawing of the tank?');
  await page.keyboard.press('Enter');
  await page.locator('.code').waitFor();
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${out}/play-asked.png`, fullPage: true });
  await accessible(page, 'what is asked for');
  const { play } = await page.evaluate(async () =>
    (await fetch('/api/play')).json());
  check(await read(page, play.play) === 403,
    'nothing is read before it is confirmed');
  check(await page.locator('sting-player').count() === 0,
    'and nothing shown');
  return play.play;
}

async function confirm(page, ...more) {
  const code = await page.locator('.code').innerText();
  await promisify(execFile)(process.env.STING, ['unlock', op, '--code', code,
    ...more, ...words]);
}

async function confirmed(page) {
  await confirm(page);
  await page.locator('sting-player').waitFor();
}

// Both cameras at one time, each in its colours; `begin` is when the first
// film begins, in seconds from the stretch's beginning.
async function seen(page) {
  const begin = (await where(page) - Math.floor(from / 1)) / 1000;
  const both = [];
  for (const at of [1, 3, 5]) {
    await seek(page, begin + at);
    both.push(await showsBoth(page,
      'decoded pixels are of both cameras, at the same time'));
  }
  check(both.some((got) => !got.includes('none')), 'and of both at once', both);
  return begin;
}

async function stepped(page, begin) {
  await seek(page, begin + 1.9);
  await page.getByRole('button', { name: 'One picture on' }).click();
  const first = await where(page);
  await page.locator('sting-player input[type=range]').focus();
  await page.keyboard.press('.');
  const second = await where(page);
  check(Math.abs(second - first - 40) < 1, 'a picture further is 40 ms',
    second - first);
  for (let i = 0; i < 4; i++) await page.keyboard.press('.');
  await shows(page, 'lime,', 'picture by picture over a change of colour');
  for (let i = 0; i < 4; i++) await page.keyboard.press(',');
  await shows(page, 'red,', 'and back over it');
}

async function plays(page, begin) {
  await seek(page, begin + 0.5);
  await page.getByLabel('Speed').selectOption('2');
  await page.keyboard.press('k');
  const [since, from_ms] = [Date.now(), await where(page)];
  await page.waitForFunction((at) => { // and it stands again, at once
    const player = document.querySelector('sting-player');
    if (player.at <= at) return false;
    player.toggle(false);
    return true;
  }, from_ms + 2000);
  const took = Date.now() - since;
  check(took > 900, 'at speed 2, 2 s take no less than 1 s', took);
  check(await page.evaluate(() => [...document.querySelectorAll(
    'sting-player video')].every((video) => video.hidden
      || video.playbackRate === 2)), 'both play at that speed');
  await showsBoth(page, 'and what was played to is seen');
  await page.getByLabel('Speed').selectOption('1');
}

// A stretch is chosen on the strip by dragging, and played to its end; then
// again by keyboard, and marked for an exhibit.
async function chosen(page, begin) {
  const strip = page.getByRole('slider', { name: 'Strip of time' });
  await strip.scrollIntoViewIfNeeded();
  const box = await strip.boundingBox();
  const x = (seconds) => box.x + seconds * 1000 / (to - from) * box.width;
  await page.mouse.move(x(begin + 2.5), box.y + 60);
  await page.mouse.down();
  await page.mouse.move(x(begin + 3), box.y + 60, { steps: 3 });
  await page.mouse.move(x(begin + 4.5), box.y + 60, { steps: 3 });
  await page.mouse.up();
  const stretch = await page.evaluate(() =>
    document.querySelector('sting-strip').chosen);
  const stops = async (words) => {
    await page.waitForFunction((end) => Math.abs(document.querySelector(
      'sting-player').at - end) < 1, stretch[1]);
    // It comes to its end a moment before it is told to stand there.
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    check(Math.abs(await where(page) - stretch[1]) < 1, words);
  };
  await page.getByRole('button', { name: 'Play this stretch' }).click();
  await stops('a stretch that was dragged is played, and stops at its end');
  await showsBoth(page, 'with the pictures of its end');
  const marks = await page.evaluate(() =>
    document.querySelector('sting-player').marks);
  check(marks.join() === stretch.join(), 'and is marked', [marks, stretch]);
  await seek(page, begin + 1);
  await strip.focus();
  await page.keyboard.press('Enter');
  await stops('Enter plays it again');
  await strip.focus();
  await page.keyboard.press('Escape');
}

async function kept(page, begin) {
  await seek(page, begin + 5);
  await page.getByRole('button', { name: 'Keep a picture: garage' }).click();
  const picture = page.locator('.pictures img');
  await picture.waitFor();
  const [high, blue] = await picture.evaluate(async (img) => {
    await img.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 2;
    const draw = canvas.getContext('2d');
    draw.drawImage(img, 0, 0, 2, 2);
    const [r, g, b] = draw.getImageData(0, 0, 1, 1).data;
    return [img.naturalHeight, b > 150 && r < 90 && g < 90];
  });
  check(high === 180 && blue, 'a picture that is kept is of that moment',
    [high, blue]);
}

// What is marked is asked for as an exhibit, and made on the machine.
async function exhibited(page, begin) {
  await seek(page, begin + 1);
  await page.locator('sting-player input[type=range]').focus();
  await page.keyboard.press('[');
  await seek(page, begin + 3);
  await page.keyboard.press(']');
  await page.getByLabel('Mark', { exact: true }).fill('tank/1');
  await page.locator('#exhibit-why').fill('for the court');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('capitals').waitFor();
  await page.getByLabel('Mark', { exact: true }).fill('TANK/1');
  await page.keyboard.press('Enter');
  await page.locator('.code').waitFor();
  await confirm(page, '--out', `${op}-exhibit`);
  await page.getByText(/Exhibit TANK\/1 is made: .*sha256 [0-9a-f]{64}/)
    .waitFor();
}

// Who opened it, saw it and took it out stands on the strip.
async function custody(page) {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.locator('footer select').first().selectOption('en');
  await page.evaluate((begin) => {
    location.hash = `#/timeline/${begin}/${Date.now() + 60000}`;
  }, from);
  for (const words of [/opened what is sealed \(unlock\)/,
    /recording of garage,yard .*shown \(cleo\)/, 'Exhibit TANK/1: made']) {
    await page.locator('.happened li.custody').getByText(words).first()
      .waitFor();
  }
  check(await page.locator('path.custody').count() >= 3,
    'what was opened, shown and taken out is marked on the strip');
  await page.screenshot({ path: `${out}/custody.png`, fullPage: true });
}

// On an incident, too, it is offered: both cameras, around that time.
async function by_incident(page) {
  await page.goto(`${home}#/incidents/1`);
  await page.locator('sting-incidents sting-play form').first().waitFor();
  check((await page.locator('sting-play input[name=camera]').count()) === 2,
    'who may look back is offered both cameras of an incident');
  await accessible(page, 'an incident that can be played');
  await page.goto(`${home}#/timeline/${from}/${to}`);
  await page.locator('sting-timeline').waitFor();
}

async function looked_at(page) {
  const pages = [[1440, 'light', 'en'], [360, 'dark', 'uk']];
  for (const [width, colorScheme, language] of pages) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    if (language === 'uk') {
      await page.evaluate(() => localStorage.setItem('sting-language', 'uk'));
      await page.reload();
      await page.locator('sting-player').waitFor();
    }
    await page.waitForTimeout(700);
    await fits(page);
    await accessible(page, `the player, ${width}`);
    await page.screenshot({ path: `${out}/play-${width}.png`, fullPage: true });
  }
}

await end(() => browsing(async (browser) => {
  const cleo = await someone(browser, 'cleo');
  const number = await asked(cleo.page);
  const other = await someone(browser, 'cleo');
  check(await other.page.locator('.code').count() === 0,
    'another login does not see what is asked');
  await confirmed(cleo.page);
  const begin = await seen(cleo.page);
  for (const file of [0, 1, 2, 3]) {
    check(await read(other.page, number, file) === 404,
      'another login of the same name reads nothing of it');
  }
  const vera = await someone(browser, 'vera');
  check(await read(vera.page, number) === 403
    && await vera.page.getByText('Play what was recorded').count() === 0,
  'nor does another role, which is offered nothing');
  await stepped(cleo.page, begin);
  await plays(cleo.page, begin);
  await chosen(cleo.page, begin);
  await kept(cleo.page, begin);
  await exhibited(cleo.page, begin);
  await looked_at(cleo.page);
  await cleo.page.locator('sting-player .tools button').last().click();
  await cleo.page.locator('sting-play input[name=camera]').first().waitFor();
  check(await read(cleo.page, number, 1) === 403,
    'what is closed again is not read');
  await custody(cleo.page);
  await by_incident(cleo.page);
  for (const { wrong } of [cleo, other, vera]) {
    check(wrong.length === 0, 'the console of the browser is silent', wrong);
  }
  return { number, begin };
}));
