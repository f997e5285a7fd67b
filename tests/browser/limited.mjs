// A custodian who sees the yard alone. Usage: limited.mjs ADDRESS OUT-FOLDER
// FROM TO OP WORD...: otto looks at every page, asks for what is not his, and
// plays and takes out what is, confirmed by `sting unlock OP`.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { accessible } from './axe.mjs';
import { browsing, check, end, fits, visitor } from './open.mjs';

const [home, out, from, to, op, ...words] = process.argv.slice(2);
const OTHERS = /garage|gate/i;
const time = (ms) => new Date(Number(ms)).toISOString();

async function otto(browser) {
  const { page, wrong } = await visitor(browser, { width: 1280, height: 900 },
    [403, 404, 503]);
  await page.goto(home);
  await page.getByLabel('Name').fill('otto');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  return { page, wrong };
}

// Every page that he is offered, once what it asks for has come.
async function pages(page) {
  const names = await page.locator('nav a').evaluateAll((all) =>
    all.map((one) => one.hash));
  check(!names.includes('#/bait'), 'what is for who sees all is not offered',
    names);
  for (const hash of names) {
    await page.goto(`${home}${hash}`);
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle', { timeout: 4000 })
      .catch(() => null); // live pictures never end
    const text = await page.locator('body').innerText();
    check(!OTHERS.test(text), `${hash} names no camera but his`,
      text.match(/.*(garage|gate).*/i)?.[0]);
    await fits(page);
    await page.screenshot({ path: `${out}/limited-${hash.slice(2)}.png`,
      fullPage: true });
  }
  return names;
}

// What may be asked for without a page: of others nothing, in no word of it.
async function asked(page) {
  const got = await page.evaluate(async ([first, last]) => {
    const { session } = await (await fetch('/api/hello')).json();
    const get = async (path) => [path, (await fetch(path)), true];
    const post = async (path, fields) => [path, (await fetch(path, {
      method: 'POST', body: JSON.stringify(fields), headers: {
        'Content-Type': 'application/json', 'X-Sting-Csrf': session.csrf } })),
    false];
    const stretch = { from: first, to: last, why: 'what is there?' };
    const all = [
      await get('/api/state'), await get('/api/events'),
      await get('/api/health'), await get('/api/timeline?parts=20'),
      await get('/api/incidents'), await get('/api/play?files=1'),
      await get('/api/incidents?incident=1'),
      await get('/api/snapshot?camera=garage'),
      await get('/api/live?cameras=garage'),
      await get('/api/live?cameras=yard,garage'),
      await get('/api/baits'), await get('/api/traces'),
      await get('/api/names'), await get('/metrics'),
      await get('/api/notes'),
      await post('/api/play/ask', { ...stretch, cameras: 'garage' }),
      await post('/api/play/ask', { ...stretch, cameras: 'yard,garage' }),
      await post('/api/play/ask', { ...stretch, cameras: 'yard,gate',
        mark: 'TANK/1' }),
      await post('/api/release', { ...stretch, incident: '1',
        camera: 'garage' }),
      await post('/api/note', { incident: '1', type: 'note', text: 'mine' }),
      await post('/api/ack', { incident: '1' }),
      await post('/api/go', { who: 'otto', incident: '1' }),
      await post('/api/arm', { state: 'armed' }),
    ];
    return Promise.all(all.map(async ([path, answer, isRead]) =>
      [path, answer.status, isRead && answer.ok ? await answer.text() : '']));
  }, [time(from), time(to)]);
  for (const [path, http, text] of got.slice(0, 6)) {
    check(http === 200, `${path} is his to read`, http);
    check(!OTHERS.test(text), `${path} names no camera but his`,
      text.match(/.{0,120}(garage|gate).{0,60}/i)?.[0]);
  }
  for (const [path, http, text] of got.slice(6)) {
    check([403, 404].includes(http) || (path === '/api/notes' && http === 200
      && !OTHERS.test(text)), `${path} is refused`, [http, text]);
  }
}

const confirm = async (page, ...more) => promisify(execFile)(
  process.env.STING, ['unlock', op, '--code',
    await page.locator('.code').innerText(), ...more, ...words]);

// The colour in the middle of the one picture that is shown.
const colours = () => [...document.querySelectorAll('sting-player video')]
  .filter((video) => !video.hidden).map((video) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 4;
    const draw = canvas.getContext('2d');
    draw.drawImage(video, 0, 0, 4, 4);
    const rgb = [...draw.getImageData(1, 1, 1, 1).data].slice(0, 3);
    return ['red', 'lime', 'blue'][rgb.indexOf(Math.max(...rgb))];
  }).join();

async function plays(page) {
  await page.goto(`${home}#/timeline/${from}/${to}`);
  await page.locator('sting-strip svg rect.recorded').first().waitFor();
  await page.locator('#reason').fill('who was in the yard?');
  await page.keyboard.press('Enter');
  await page.locator('.code').waitFor();
  await confirm(page);
  await page.locator('sting-player').waitFor();
  const begin = (await page.evaluate(() => document.querySelector(
    'sting-player').at) - from) / 1000;
  for (const [at, wanted] of [[1, 'blue'], [3, 'lime'], [5, 'red']]) {
    await page.evaluate((second) => document.querySelector('sting-player')
      .seek(second), begin + at);
    const until = Date.now() + 10000;
    let got = '';
    while (got !== wanted && Date.now() < until) {
      await page.waitForTimeout(40);
      got = await page.evaluate(colours);
    }
    check(got === wanted,
      'decoded pixels are of his camera, and there is no other',
      [at, wanted, got]);
  }
  await page.screenshot({ path: `${out}/limited-play.png`, fullPage: true });
  await accessible(page, 'the player of one camera');
  const still = await page.evaluate(async (at) => {
    const { session } = await (await fetch('/api/hello')).json();
    const { play } = await (await fetch('/api/play')).json();
    return (await fetch('/api/play/still', { method: 'POST',
      body: JSON.stringify({ play: `${play.play}`, camera: 'garage', at }),
      headers: { 'Content-Type': 'application/json',
        'X-Sting-Csrf': session.csrf } })).status;
  }, time(Number(from) + (begin + 1) * 1000));
  check([403, 404].includes(still),
    'of what is open to him, another camera gives no picture', still);
}

async function takes(page) {
  await page.getByLabel('Mark', { exact: true }).fill('YARD/1');
  await page.locator('#exhibit-why').fill('for the court');
  await page.keyboard.press('Enter');
  await page.locator('.code').waitFor();
  await confirm(page, '--out', `${op}-exhibit`);
  await page.getByText(/Exhibit YARD\/1 is made: .*sha256 [0-9a-f]{64}/)
    .waitFor();
}

await end(() => browsing(async (browser) => {
  const { page, wrong } = await otto(browser);
  const names = await pages(page);
  await asked(page);
  await plays(page);
  await takes(page);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { names };
}));
