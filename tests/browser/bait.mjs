// Documents, copies, and photographs dropped to be traced.
// Usage: bait.mjs LINK OUT-FOLDER PHOTO LARGE: says `given`, and then waits
// until it was traced.
import { accessible } from './axe.mjs';
import { altered, browsing, check, end, fits, visitor } from './open.mjs';

const [link, out, photo, large, holder] = process.argv.slice(2);
const password = 'seven green watering cans';

async function first(page) {
  await page.goto(link);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('nav a[href="#/bait"]').press('Enter');
}

// What the ledger tells in clear; no holder.
async function documents(page) {
  await page.getByRole('heading', { name: 'tank', exact: true }).waitFor();
  await page.getByText('12: numbers 1–12').waitFor();
  await page.getByText('Sealed, as holders are').waitFor();
  check(await page.getByRole('row').count() === 13, 'a row a copy');
  await page.getByRole('row', { name: /^5 sealed .*a photograph of the printed copy proves it/ }).waitFor();
  check(await page.getByRole('row', { name: /not confirmed/ }).count() === 11,
    'one copy was confirmed, the others were not');
  const text = await page.locator('body').innerText();
  check(!text.includes('gardener'), 'no holder is told');
}

// By mouse one that is too large, by keyboard one that is taken; and nothing
// is lost when something else than a file is dropped.
async function dropped(page) {
  // Listened to all along: one that comes while the browser is being told to
  // pass the next one on would be nobody's.
  page.on('filechooser', () => {});
  const choose = async (press, file) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'),
      press()]);
    await chooser.setFiles(file);
  };
  await choose(() => page.locator('.drop').click(), large);
  await page.getByRole('alert').getByText('larger than 16 MB').waitFor();
  await page.locator('.drop').dispatchEvent('drop', {
    dataTransfer: await page.evaluateHandle(() => new DataTransfer()) });
  await page.getByLabel('Drop photographs').focus();
  await choose(() => page.keyboard.press('Space'), photo);
  await page.getByText('Sealed, and waiting: 1').waitFor();
  await page.getByText('given by anna').waitFor();
  await page.getByText('sting trace OP --waiting').waitFor();
}

// A worker that was taken over may ask for more than a page does.
const oversized = async (bytes) => {
  const { session: { csrf } } = await (await fetch('/api/hello')).json();
  const answer = await fetch('/api/photo', { method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Sting-Csrf': csrf },
    body: JSON.stringify({ name: 'a.jpg', size: `${bytes}`, at: '0',
      part: 'AAAA' }) });
  return answer.status;
};

// The picture is there, light and dark, in the place that was left for it.
const isDrawn = () => {
  const picture = document.querySelector('.photos img');
  if (!picture?.complete) return false;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [40, 60];
  const ink = canvas.getContext('2d');
  ink.drawImage(picture, 0, 0, 40, 60);
  const grey = [...ink.getImageData(0, 0, 40, 60).data].filter((_, i) =>
    i % 4 === 1);
  return picture.getBoundingClientRect().height > 200
    && Math.max(...grey) - Math.min(...grey) > 60;
};

const status = (page, path) => page.evaluate(async (at) =>
  (await fetch(at)).status, path);

// How far it is, as the station would tell of one at work.
async function progress(page) {
  const bar = page.getByRole('progressbar', { name: /40 %/ });
  await altered(page, '/api/traces', { photos: { 0: { state: 'at-work',
    percent: 40 } } }, async () => {
    await bar.waitFor();
    check(await bar.evaluate((is) => is.value / is.max) === 0.4,
      'how far a trace is is shown');
  });
  await bar.waitFor({ state: 'detached' });
}

// A trace is a mark of its own on the strip of time.
async function marked(page) {
  await page.locator('nav a[href="#/timeline"]').click();
  await page.locator('path.trace').first().waitFor();
  await page.getByText(/names of copies 7: shown \(anna\)/).waitFor();
  await page.screenshot({ path: `${out}/traced.png` });
}

async function told(page) {
  await page.getByText(
    /^Page 1 of tank, copy 7: .* Whom it was issued to is sealed/)
    .waitFor({ timeout: 120000 });
  check(await page.locator('.photos a').count() === 0
    && await status(page, '/api/trace/file?photo=0&n=0') === 403,
  'the report is for who says why');
  console.error('told');
  await page.getByText('Names were opened on the machine: 1')
    .waitFor({ timeout: 120000 });
  const { names } = await page.evaluate(async () =>
    (await fetch('/api/names')).json());
  check(names.length === 0, 'no name is given before that', names);
  await fits(page);
  await accessible(page, 'names that wait to be read');
  await page.locator('#why-names').fill('the copy was found in the shed');
  await page.keyboard.press('Enter');
  await page.getByText(new RegExp(
    `^Page 1 of tank, copy 7: .* Issued to ${holder}\\.`)).waitFor();
  await page.getByRole('row', { name: `7 ${holder}` }).waitFor();
  await page.getByText(/^in half-light, a full page: names the copy on \d of/)
    .waitFor();
  await page.getByText(/^as at the hand-over, a full page: names the copy on \d/)
    .waitFor();
  const others = await page.getByRole('cell', { name: 'sealed' }).count();
  check(others === 11, 'one name was opened and no other', others);
  await page.getByText('A copy is not a person').waitFor();
  await page.waitForFunction(isDrawn);
  await page.setViewportSize({ width: 1000, height: 1250 });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: `${out}/trace.jpg`, quality: 85 });
  const report = await page.evaluate(async () => {
    const { href } = document.querySelector('.photos a');
    const answer = await fetch(href);
    return [answer.headers.get('content-type'),
      (await answer.text()).slice(0, 5)];
  });
  check(report.join() === 'application/pdf,%PDF-', 'the report is there',
    report);
}

async function looks(page) {
  for (const [width, colours, language] of [[1440, 'light', 'en'],
    [360, 'dark', 'uk']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: colours });
    await page.locator('footer select').first().selectOption(language);
    await page.locator('.photos img').first().waitFor();
    await page.waitForTimeout(300);
    await fits(page);
    await accessible(page, `bait ${width}`);
    await page.screenshot({ path: `${out}/bait-${width}-${colours}-${language}.png`,
      fullPage: true });
  }
}

// The copy on the table, as the camera in the garage sees it.
async function table(page) {
  await page.setViewportSize({ width: 1000, height: 970 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('footer select').first().selectOption('en');
  await page.locator('nav a[href="#/table"]').click();
  const zone = page.getByRole('group', { name: 'tank, copy 7' });
  await zone.getByText('% contrast').waitFor({ timeout: 60000 });
  // How soon a page is learnt is not this test's to say.
  const { cameras: [{ zones: [{ page: paper }] }] } = await page.evaluate(
    async () => (await fetch('/api/state')).json());
  if (paper) await zone.getByText(/page/i).first().waitFor();
  await page.waitForFunction(() =>
    document.querySelector('sting-bait-zone video')?.currentTime > 0);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: `${out}/table.jpg`, quality: 85 });
}

await end(() => browsing(async (browser) => {
  const { page, wrong } = await visitor(browser, { width: 1440, height: 900 },
    [403, 413]);
  await first(page);
  await documents(page);
  await dropped(page);
  check(await page.evaluate(oversized, 17 * 1024 * 1024) === 413,
    'what is too large is refused');
  await progress(page);
  console.error('given');
  await told(page);
  await looks(page);
  await table(page);
  await marked(page);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { is_told: true };
}));
