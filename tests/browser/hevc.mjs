// Cameras that send HEVC, seen by a browser that cannot play it: live, then
// what was sealed. Usage: hevc.mjs ADDRESS OUT-FOLDER live CAMERA...
//                  hevc.mjs ADDRESS OUT-FOLDER died CAMERA
//                  hevc.mjs ADDRESS OUT-FOLDER sealed FROM TO OP USER WORD...
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { browsing, check, end, visitor } from './open.mjs';

const [home, out, what, ...rest] = process.argv.slice(2);
const password = 'seven green watering cans';
const HEVC = 'video/mp4; codecs="hvc1.1.6.L93.B0"';

async function someone(browser, name) {
  // The wall comes first and asks for stills that may not be made yet: 503.
  const { page, wrong } = await visitor(browser, { width: 1280, height: 800 },
    [503]);
  await page.goto(home);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  check(!await page.evaluate((type) => MediaSource.isTypeSupported(type), HEVC),
    'this browser plays no HEVC');
  return { page, wrong };
}

// Elements for cameras, and after how many ms each has shown a frame.
const show = (names) => {
  const begun = performance.now();
  const main = document.createElement('main');
  return import('/page/live.mjs').then(() => Promise.all(names.map((name) => {
    const element = document.createElement('sting-live');
    element.setAttribute('camera', name);
    main.append(element);
    document.body.replaceChildren(main);
    return new Promise((seen) => {
      element.video.requestVideoFrameCallback(() => seen(
        performance.now() - begun));
    });
  })));
};

// Of each video: the colour in its middle, how wide it is, how late.
const look = () => [...document.querySelectorAll('video')].map((video) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 4;
  const draw = canvas.getContext('2d', { willReadFrequently: true });
  draw.drawImage(video, 0, 0, 4, 4);
  const rgb = [...draw.getImageData(1, 1, 1, 1).data].slice(0, 3);
  const most = Math.max(...rgb);
  const isPure = most > 200 && rgb.filter((part) => part < 48).length === 2;
  return { width: video.videoWidth, behind: video.parentElement.behind ?? 0,
    colour: isPure ? ['red', 'lime', 'blue'][rgb.indexOf(most)]
      : `none: ${rgb}` };
});

async function live(browser) {
  const { page, wrong } = await someone(browser, 'anna');
  const first = await page.evaluate(show, rest);
  // 5 s, and on while one of them stands: on a busy machine a browser may.
  const seen = [];
  const stands = (_, i) => new Set(seen.map((one) => one[i].colour)).size < 2;
  for (let i = 0; i < 12 || (i < 75 && rest.some(stands)); i++) {
    await page.waitForTimeout(400);
    seen.push(await page.evaluate(look));
  }
  // Whoever falls behind while the machine is busy catches up.
  await page.waitForFunction(() => [...document.querySelectorAll('sting-live')]
    .every(({ behind }) => behind < 6));
  await page.screenshot({ path: `${out}/hevc-live.png` });
  const second = await page.evaluate(show, rest);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { first, second, seen };
}

// One more than are converted at once: told in words, and a still.
async function crowd(browser) {
  const { page, wrong } = await someone(browser, 'anna');
  await page.evaluate(show, rest.slice(0, 4));
  await page.evaluate((name) => {
    const element = document.createElement('sting-live');
    element.setAttribute('camera', name);
    document.querySelector('main').append(element);
  }, rest[4]);
  const last = page.locator('sting-live').last();
  await last.getByText('A picture each second').waitFor();
  await last.locator('img').waitFor();
  await page.waitForFunction(() => document.querySelector(
    'sting-live:last-child img').naturalWidth > 0);
  await page.screenshot({ path: `${out}/hevc-crowd.png` });
  await page.evaluate(() => document.querySelector('sting-live').remove());
  await page.waitForFunction(() => document.querySelector(
    'sting-live:last-child video').readyState > 1);
  check(await last.getByText('A picture each second').count() === 0,
    'and is shown once another has left');
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return {};
}

const hasDied = async (camera) => {
  const { workers } = await (await fetch('/api/health')).json();
  return workers.some((one) => one.of === 'converting' && one.camera === camera
    && one.deaths > 0);
};

// Its worker is killed once "it is shown" was said: pictures go on, and the
// page of what works tells. Until it has died somebody looks on: else it would
// end by itself.
async function died(browser) {
  const { page, wrong } = await someone(browser, 'anna');
  await page.evaluate(show, rest);
  console.log('it is shown');
  const note = page.locator('sting-live').getByText('A picture each second');
  await note.waitFor();
  await page.waitForFunction(hasDied, rest[0], { polling: 200 });
  await note.waitFor({ state: 'detached' });
  await page.waitForFunction(() => {
    const video = document.querySelector('sting-live video');
    return !video.hidden && video.readyState > 1;
  });
  check((await page.evaluate(look))[0].width === 1280, 'it is shown again');
  await page.goto(`${home}#/health`);
  await page.reload();
  const row = page.getByRole('row', { name: `camera ${rest[0]} as H.264` });
  await row.getByText('was killed').waitFor();
  // How often it began before depends on how long the wall was there.
  const [begun, deaths] = (await row.innerText()).split('\t').slice(-3, -1);
  check(begun >= 1 && deaths === '1', 'it died once, and was started again',
    await row.innerText());
  await page.screenshot({ path: `${out}/hevc-died.png`, fullPage: true });
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return {};
}

// What stands where a picture should.
const shownNow = () => [...document.querySelectorAll('sting-player video')].map(
  ({ currentTime, readyState, seeking, hidden, error, buffered }) => [
    currentTime, readyState, seeking, hidden, error?.message,
    [...Array(buffered.length).keys()].map((i) => [buffered.start(i),
      buffered.end(i)]), document.querySelector('sting-player [role=alert]')
      .textContent]);

async function sealed(browser) {
  const [from, to, op, user, ...words] = rest; // who sees one camera
  const { page, wrong } = await someone(browser, user);
  await page.goto(`${home}#/timeline/${from}/${to}`);
  await page.locator('sting-strip svg rect.recorded').first().waitFor();
  await page.locator('#reason').fill('who moved the drawing of the tank?');
  await page.keyboard.press('Enter');
  await page.locator('.code').waitFor();
  const code = await page.locator('.code').innerText();
  await promisify(execFile)(process.env.STING, ['unlock', op, '--code', code,
    ...words]);
  await page.locator('sting-player').waitFor();
  const begin = await page.evaluate(() => (document.querySelector(
    'sting-player').at)) - from;
  const seen = [];
  for (const at of [0.5, 2.5, 4.5, 7, 9, 11]) {
    const seconds = begin / 1000 + at;
    await page.evaluate((second) => document.querySelector('sting-player')
      .seek(second), seconds);
    await page.waitForFunction((second) => [...document.querySelectorAll(
      'sting-player video')].every((video) => !video.seeking
      && Math.abs(video.currentTime - second) < 0.02 && video.readyState > 1),
    seconds, { timeout: 90000 }).catch(async () => check(false,
      `the picture of ${at} s is not there`, [wrong, begin,
        await page.evaluate(shownNow)]));
    await page.waitForTimeout(120);
    seen.push((await page.evaluate(look))[0].colour);
  }
  // Over the border of two files, at speed 4, without a pause.
  await page.evaluate((second) => document.querySelector('sting-player')
    .seek(second), begin / 1000 + 1);
  await page.getByLabel('Speed').selectOption('4');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const since = Date.now();
  await page.waitForFunction((ms) => document.querySelector('sting-player').at
    > ms, Number(from) + begin + 11000, { timeout: 90000 });
  const took = Date.now() - since;
  const gaps = await page.evaluate(() => {
    const { buffered } = document.querySelector('sting-player video');
    return [...Array(buffered.length).keys()].map((i) => [buffered.start(i),
      buffered.end(i)]);
  });
  check(await page.getByText('Shown as H.264').isVisible(),
    'that it is converted stands beside it');
  await page.screenshot({ path: `${out}/hevc-sealed.png`, fullPage: true });
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { seen, took, gaps, begin };
}

await end(() => browsing({ live, died, crowd, sealed }[what]));
