// Single pictures, where a browser plays no film, and pictures for alerts,
// while who makes them is killed. Usage: pictures.mjs ADDRESS OUT-FOLDER CAMERA
// Says "it is shown", "Health is open" and "Health tells", upon each of which
// somebody kills.
import { browsing, check, end, visitor } from './open.mjs';

const [home, out, camera] = process.argv.slice(2);

// What stands in the picture: its size, and a sum over its pixels.
const look = () => {
  const image = document.querySelector('sting-live img');
  if (!image || image.hidden || !image.naturalWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const draw = canvas.getContext('2d');
  draw.drawImage(image, 0, 0);
  const { data } = draw.getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) % 4294967291;
  return { width: canvas.width, sum };
};

// So many pictures after one another that are each another one.
async function pictures(page, count) {
  const seen = new Set();
  const until = Date.now() + 30000;
  let width = 0;
  while (seen.size < count && Date.now() < until) {
    await page.waitForTimeout(200);
    const now = await page.evaluate(look);
    if (now) {
      seen.add(now.sum);
      width = now.width;
    }
  }
  check(seen.size >= count && width === 640, 'pictures follow one another',
    [seen.size, width]);
}

const row = (page, name) => page.getByRole('region', { name: 'Workers' })
  .getByRole('row', { name });

async function stills(page) {
  await page.goto(`${home}#/wall`);
  await page.evaluate((name) => {
    const element = document.createElement('sting-live');
    element.setAttribute('camera', name);
    const main = document.createElement('main');
    main.append(element);
    document.body.replaceChildren(main);
  }, camera);
  await pictures(page, 2);
  console.log('it is shown');
  await page.waitForFunction(() => document.querySelector('sting-live')
    .dataset.state === 'lost', null, { timeout: 3000 }).catch(() => null);
  await pictures(page, 3);
  check(await page.evaluate(() => document.querySelector('sting-live').dataset
    .state) === 'on', 'the picture is live again');
}

async function health(page) {
  await page.goto(`${home}#/health`);
  await page.reload();
  await row(page, 'single pictures').getByText('was killed').waitFor();
  const single = await row(page, 'single pictures').innerText();
  check(single.split('\t').slice(-3, -1).join() === '1,1',
    'it died once, and was started again once', single);
  const alerts = row(page, 'pictures for alerts');
  check(await alerts.getByText('was killed').count() === 0,
    'pictures for alerts have lost nobody yet');
  console.log('Health is open');
  await alerts.getByText('was killed').waitFor({ timeout: 60000 });
  const deaths = async () => (await alerts.innerText()).split('\t').at(-2);
  check(await deaths() === '1', 'it died once', await alerts.innerText());
  console.log('Health tells');
  await page.locator('.told').getByText('camera garage: recording again')
    .waitFor({ timeout: 60000 });
  await page.locator('.told li', { hasText: /camera garage: the camera is gone/ })
    .nth(1).waitFor({ timeout: 60000 });
  await page.waitForTimeout(4000); // two looks
  check(await deaths() === '1', 'and no other does', await alerts.innerText());
  await page.screenshot({ path: `${out}/pictures-health.png`, fullPage: true });
}

await end(() => browsing(async (browser) => {
  const { page, wrong } = await visitor(browser, { width: 1280, height: 900 },
    [503]);
  // As in a browser without Media Source Extensions.
  await page.addInitScript(() => { delete globalThis.MediaSource; });
  await page.goto(home);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  await stills(page);
  await health(page);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return {};
}));
