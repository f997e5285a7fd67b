// Every page of the console, by keyboard and by mouse, small and wide, light
// and dark, in both languages. Usage: pages.mjs LINK OUT-FOLDER
import { accessible } from './axe.mjs';
import { back } from './back.mjs';
import { zones } from './draw.mjs';
import { browsing, check, end, fits, visitor } from './open.mjs';
import { settings } from './settings.mjs';
import { table } from './table.mjs';

const [link, out] = process.argv.slice(2);
const password = 'seven green watering cans';

// Every pair of width, colours and language, each value twice; axe-core sees
// each value once, since it takes a second a page.
const LOOKS = [
  { width: 360, height: 740, colours: 'light', language: 'en', axe: true },
  { width: 360, height: 740, colours: 'dark', language: 'uk' },
  { width: 1440, height: 900, colours: 'light', language: 'en' },
  { width: 1440, height: 900, colours: 'dark', language: 'uk', axe: true },
];

// A key that nobody translated shows itself: wall.cameras.
const keys = () => document.body.innerText.match(
  /\b(nav|wall|camera|health|span|sign|role|foot|error|time|did|kind|gap|mark|incident|range|people|account|zones|say|link|duty|table|sight|class|paper|note|unlock|play|exhibit|settings|set|set-group|set-word|go|bait|photo|verdict|handover|part|setting|read|custody|export|erase|legend)\.[a-z]/)?.[0] ?? '';

const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const { outlineStyle } = getComputedStyle(at);
  return [at.tagName, at.textContent.slice(0, 30), outlineStyle];
});

// By keyboard alone: from the link to the wall.
async function first(page) {
  await page.goto(link);
  await page.getByLabel('Name').waitFor();
  await page.screenshot({ path: `${out}/page-first.png` });
  await accessible(page, 'signing in');
  await page.getByLabel('Name').press('a');
  await page.keyboard.type('nna');
  await page.keyboard.press('Tab');
  await page.keyboard.type('short');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('12 characters').waitFor();
  check((await focused(page))[0] === 'INPUT',
    'who was refused stands where he has to go on', await focused(page));
  await page.keyboard.press('Control+A');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'garage' }).waitFor();
  check(!page.url().includes('first'), 'the link is gone from the address');
}

// Everything that can be pressed is reached by Tab, and seen to be.
async function by_tab(page) {
  await page.evaluate(() => document.activeElement.blur());
  const wanted = await page.locator(
    'a[href]:visible, button:visible, select:visible, input:visible').count();
  const seen = new Set();
  for (let i = 0; i < wanted + 2; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at[0] === 'BODY') break;
    check(at[2] !== 'none', 'what has the focus shows it', at);
    seen.add(at.slice(0, 2).join());
  }
  check(seen.size >= wanted - 1, 'Tab reaches all', [wanted, [...seen]]);
}

async function look_at(page, name, look) {
  const where = `${name}-${look.width}-${look.colours}-${look.language}`;
  await page.waitForTimeout(300);
  await fits(page);
  const untold = await page.evaluate(keys);
  check(untold === '', `no key without words on ${where}`, untold);
  if (look.axe) await accessible(page, where);
  await page.screenshot({ path: `${out}/${where}.png`, fullPage: true });
}

// One page after the other: by keyboard in small windows, by mouse in wide.
async function all(page, look) {
  await page.setViewportSize({ width: look.width, height: look.height });
  await page.emulateMedia({ colorScheme: look.colours });
  await page.locator('footer select').first().selectOption(look.language);
  check(await page.evaluate(() => document.documentElement.lang)
    === look.language, 'the page says its language', look);
  const links = await page.locator('nav a').count();
  const names = [];
  for (let i = 0; i < links; i++) {
    const entry = page.locator('nav a').nth(i);
    const name = (await entry.getAttribute('href')).slice(2);
    if (look.width === 360) {
      await entry.focus();
      await page.keyboard.press('Enter');
    } else {
      await entry.click();
    }
    await page.locator(`nav a[href="#/${name}"][aria-current]`).waitFor();
    await page.locator(`sting-${name}`).waitFor();
    names.push(name);
    await look_at(page, name, look);
  }
  return names;
}

// The station's own words for what goes on, as they come.
async function wall(page) {
  await page.getByRole('link', { name: 'Wall' }).click();
  const tile = page.getByRole('group', { name: 'garage' });
  await tile.getByText('recording', { exact: true }).waitFor();
  await page.getByText('kept', { exact: true }).waitFor();
  await page.getByText('nobody witnesses this record').waitFor();
  await page.getByText('GB free').waitFor();
  return tile.locator('.state').innerText();
}

// Alerts rest and go out again, by keyboard.
async function duty(page) {
  await page.locator('nav a[href="#/wall"]').click();
  await page.getByLabel('Why').fill('the lamp is being changed');
  await page.keyboard.press('Enter');
  await page.locator('.facts').getByText('NO ALERTS until').waitFor();
  await page.getByRole('button', { name: 'Send alerts again' })
    .press('Enter');
  await page.locator('.facts').getByText('nobody is told').waitFor();
}

// A link that is none is refused in words, also to who is not logged in.
async function ack_link(page) {
  await page.goto(`${new URL('/', link).href}#ack=0123456789abcdef`);
  await page.getByRole('button', { name: 'I see to it' }).press('Enter');
  await page.getByRole('alert').getByText('used or too old').waitFor();
  await page.goto('about:blank');
  await page.goto(new URL('/', link).href);
  await page.getByRole('group', { name: 'garage' }).waitFor();
}

// Somebody is added and removed; who is logged in is seen.
async function people(page) {
  await page.locator('nav a[href="#/people"]').click();
  await page.getByRole('row', { name: 'this is you' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('ben');
  await page.getByLabel('Role').selectOption('viewer');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Add somebody' }).press('Enter');
  await page.getByText('ben may come in now.').waitFor();
  const remove = page.getByRole('button', { name: 'Remove ben' });
  await remove.press('Enter');
  await page.getByRole('button', { name: 'press again' }).press('Enter');
  await page.getByText('ben is removed.').waitFor();
  check(await page.getByRole('row', { name: 'ben' }).count() === 0,
    'who was removed is gone');
}

await end(() => browsing(async (browser) => {
  const { page, wrong } = await visitor(browser, LOOKS[0],
    [400, 403]);
  await first(page);
  await by_tab(page);
  const state = await wall(page);
  await back(page, out);
  await table(page, out);
  await people(page);
  await zones(page, out);
  await settings(page, out);
  await duty(page);
  await ack_link(page);
  let names = [];
  for (const look of LOOKS) names = await all(page, look);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { names, state };
}));
