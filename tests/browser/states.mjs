// The words of the wall and of the table, a camera a state. Usage: states.mjs
// LINK OUT-FOLDER
import { accessible } from './axe.mjs';
import { altered, browsing, check, end, fits, visitor } from './open.mjs';

const [link, out] = process.argv.slice(2);
const TIME = '\\d?\\d:\\d\\d:\\d\\d( [AP]M)?';

const WALL = { shed: 'quiet', barn: 'learning: cannot tell yet what is unusual',
  yard: 'TOO DARK to see anybody', loft: 'lost', hall: ['somebody is there',
    '^seen at keyframes: larger packets tell nothing here$'],
  desk: ['THE DOCUMENT WAS TOUCHED', '^its own clock is 15 s slow$'] };

// Each of the table: its state, and what else is said of it.
const TABLE = {
  'tank, copy 5': ['nobody is seen',
    `nothing confirms that it is the one that was laid, since ${TIME}`,
    'A person in plain clothes is seen',
    '80 pixels a metre: enough to see what a person does'],
  'tank, copy 7': [`THE PAGE IS LIFTED, since ${TIME}`, 'flash 3 times',
    '2 at once, so far'],
  'tank, copy 9': ['TOO DARK to see anybody',
    `page 3 of copy 9 in view, since ${TIME}`, 'It is too dark to see a person'],
};

// All that go on, the touch first; and our own go where they are sent.
async function goesWhereSent(page) {
  await page.locator('sting-table .incident a').nth(2).waitFor();
  const links = await page.locator('sting-table .incident a').allInnerTexts();
  check(links.length === 3 && /^Incident \d, desk, since .*THE DOCUMENT WAS TOUCHED$/
    .test(links[0]), 'each incident that goes on is told, the touch first',
  links);
  const rooms = page.getByLabel('Where');
  check((await rooms.locator('option').first().innerText()).endsWith('desk')
    && (await rooms.inputValue()) === links[0].match(/\d/)[0],
  'GO is into the room of the gravest', await rooms.innerText());
  await rooms.selectOption({ label: links.find((one) => one.includes('hall'))
    .replace(/^I(ncident \d), .*/, 'i$1, hall') });
  await page.getByLabel('Who goes in').fill('the night shift');
  await page.getByRole('button', { name: 'GO' }).click();
  await page.screenshot({ path: `${out}/states-go.png`, fullPage: true });
  await page.getByText(/^the night shift is in the room, since/).waitFor();
}

// How the station is: as told, and as it would be on another day.
async function facts(page) {
  const fact = (words) => page.locator('.facts').getByText(words);
  await fact(/^(runs free|set from outside|unknown)/).waitFor();
  await fact(/^\d+ lines in the ledger$/).waitFor();
  await altered(page, '/api/state', {
    disk: { free_bytes: 5e9, days_left: 2 },
    clock: { sync: 'synced', error_us: 39500 },
    ledger: { outsiders: 1 },
    anchors: { failing: 'tsa-1', failing_since: new Date().toISOString() },
  }, async () => {
    for (const words of [/5\.0 GB.* 2 days/, /40 ms/, /tsa-1/]) {
      await fact(words).first().waitFor();
    }
    await page.screenshot({ path: `${out}/states-facts.png`, fullPage: true });
  });
}

// Beside an incident stands how far the clock in its pictures was off.
async function clockTold(page) {
  await page.locator('sting-table .incident a').first().click();
  const fact = page.locator('.facts div').filter({ hasText: 'own clock' });
  await fact.getByText(/^15 s slow$/).waitFor();
  await page.screenshot({ path: `${out}/states-incident.png`, fullPage: true });
}

// What happened is marked on the strip, each kind in its way, and listed.
async function marked(page) {
  await page.evaluate(() => {
    location.hash = `#/timeline/${Date.now() - 300000}/${Date.now() + 60000}`;
  });
  await page.locator('path.touch').first().waitFor();
  for (const kind of ['presence', 'touch', 'custody', 'other']) {
    check(await page.locator(`path.${kind}`).count() > 0,
      `the strip has a mark of ${kind}`);
  }
  for (const words of ['page lifted', 'page photographed with flash',
    'the document was touched', 'somebody was there']) {
    await page.locator('.happened').getByText(words).first().waitFor();
  }
  await page.screenshot({ path: `${out}/states-strip.png`, fullPage: true });
}

const texts = { wall: 'Wall', table: 'Table' };

async function seen(page, where, groups) {
  await page.getByRole('link', { name: texts[where], exact: true }).click();
  for (const [name, wanted] of Object.entries(groups)) {
    const group = page.getByRole('group', { name, exact: true });
    const [state, ...more] = [wanted].flat();
    await group.locator('.state', { hasText: new RegExp(`${state}$`) })
      .waitFor().catch(async () => check(false, `${name} says ${state}`,
        await group.innerText()));
    for (const words of more) {
      await group.getByText(new RegExp(words)).first().waitFor()
        .catch(async () => check(false, `${name} says ${words}`,
          await group.innerText()));
    }
  }
  await fits(page);
  await accessible(page, where);
  await page.screenshot({ path: `${out}/states-${where}.png`, fullPage: true });
}

await end(() => browsing(async (browser) => {
  // Stand-ins have no stills: 503.
  const { page, wrong } = await visitor(browser, { width: 1440, height: 900 },
    [503]);
  await page.goto(link);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  await seen(page, 'table', TABLE);
  await seen(page, 'wall', WALL);
  await facts(page);
  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await goesWhereSent(page);
  await clockTold(page);
  await marked(page);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { cameras: Object.keys(WALL).length };
}));
