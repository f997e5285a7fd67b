// A cut for the press, asked for in a browser. Usage: release.mjs ADDRESS
// OUT-FOLDER OP CUT WORD...: areas are drawn by mouse and by keyboard, and it is
// confirmed on the machine.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { accessible } from './axe.mjs';
import { browsing, check, end, fits, visitor } from './open.mjs';

const [home, out, op, cut, ...words] = process.argv.slice(2);
const password = 'seven green watering cans';

async function someone(browser, name) {
  const { page, wrong } = await visitor(browser, { width: 1440, height: 900 },
    [403]);
  await page.goto(home);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('nav a[href="#/timeline"]').waitFor();
  await page.goto(`${home}#/incidents/1`);
  await page.locator('sting-incidents h1').waitFor();
  return { page, wrong };
}

const confirm = async (page, ...more) => promisify(execFile)(
  process.env.STING, ['unlock', op, '--code',
    await page.locator('.code').innerText(), ...more, ...words]);

async function opened(page) {
  await page.locator('#reason').fill('what does the press get?');
  await page.keyboard.press('Enter');
  await page.locator('.code').waitFor();
  check(await page.getByText('Release', { exact: true }).isVisible() === false,
    'nothing is released before it is open');
  await confirm(page);
  await page.locator('sting-player').waitFor();
}

async function drawn(page) {
  await page.getByRole('button', { name: 'Draw on its first picture' }).click();
  await page.waitForFunction(() => document.querySelector(
    'sting-areas img')?.naturalWidth > 0);
  const stage = page.locator('sting-areas svg');
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(0.1, 0.1));
  await page.mouse.down();
  await page.mouse.move(...at(0.3, 0.3), { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Another area' }).click();
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowDown');
  const text = await page.evaluate(() => document.querySelector('sting-areas')
    .text);
  await page.getByRole('button', { name: 'Another area' }).click();
  await page.keyboard.press('Delete');
  check(await page.locator('sting-areas rect').count() === 2,
    'an area is removed by keyboard');
  return text;
}

await end(() => browsing(async (browser) => {
  const cleo = await someone(browser, 'cleo');
  await opened(cleo.page);
  const areas = await drawn(cleo.page);
  await cleo.page.screenshot({ path: `${out}/release.png`, fullPage: true });
  await accessible(cleo.page, 'a cut that is drawn on');
  await fits(cleo.page);
  await cleo.page.locator('#release-why').fill('asked for by the press');
  await cleo.page.keyboard.press('Enter');
  await cleo.page.locator('.code').waitFor();
  const other = await someone(browser, 'cleo');
  check(await other.page.locator('.code').count() === 0,
    'another login does not see what is asked');
  await confirm(cleo.page, '--out', cut);
  await cleo.page.getByText(/The cut is made: .*sha256 [0-9a-f]{64}/).waitFor();
  const vera = await someone(browser, 'vera');
  check(await vera.page.getByText('Play what was recorded').count() === 0,
    'another role is offered nothing');
  for (const { wrong } of [cleo, other, vera]) {
    check(wrong.length === 0, 'the console of the browser is silent', wrong);
  }
  return { areas };
}));
