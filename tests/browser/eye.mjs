// Answers a session of `sting drill --eye`. Usage: eye.mjs PAGE OUT-FOLDER
// All left by keyboard on a telephone, all right by mouse on a desk.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { check, end, fits, open } from './open.mjs';

const [file, out] = process.argv.slice(2);
const address = pathToFileURL(file).href;

// How many pixels of each picture in view are dark: print, not a blank.
const ink = () => [...document.querySelectorAll('.pair.now img')].map((img) => {
  const canvas = document.createElement('canvas');
  canvas.width = img.naturalWidth;
  canvas.height = img.naturalHeight;
  const draw = canvas.getContext('2d');
  draw.drawImage(img, 0, 0);
  const { data } = draw.getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) dark += data[i] < 128;
  return dark;
});

async function saved(page) {
  const waiting = page.waitForEvent('download');
  await page.locator('#save').press('Enter');
  return JSON.parse(await readFile(await (await waiting).path(), 'utf8'));
}

async function session(page, name, answer, back) {
  const pairs = await page.locator('.pair').count();
  const inks = [];
  for (let i = 0; i < pairs; i++) {
    await page.screenshot({ path: `${out}/${name}-${i + 1}.png` });
    await fits(page);
    const dark = await page.evaluate(ink);
    check(dark.length === 2 && dark.every((n) => n > 1000),
      'a pair is two pages with print', dark);
    inks.push(dark);
    if (i === 1) {  // somebody looks again
      await back(page);
      check(await page.evaluate(() => document.querySelectorAll(
        '.pair')[0].classList.contains('now')), 'back shows the pair before');
      await answer(page);
    }
    await answer(page);
  }
  await page.screenshot({ path: `${out}/${name}-end.png` });
  check(await page.locator('#left').isHidden(), 'nothing is left to answer');
  return { inks, answers: await saved(page) };
}

await end(async () => ({
  telephone: await open(address, { width: 360, height: 640 }, (page) =>
    session(page, 'telephone', (p) => p.keyboard.press('ArrowLeft'),
      (p) => p.keyboard.press('Backspace'))),
  desk: await open(address, { width: 1440, height: 900 }, (page) =>
    session(page, 'desk', (p) => p.locator('#right').click(),
      (p) => p.locator('#back').click())),
}));
