// Zones drawn on a camera's picture, by keyboard and by mouse.
import { check } from './open.mjs';

const corner = (page, n) => page.getByRole('button', { name: `Corner ${n} of` });

async function place(page, n) {
  const label = await corner(page, n).getAttribute('aria-label');
  return /: ([\d.]+) %, ([\d.]+) %/.exec(label).slice(1).map(Number);
}

async function keyboard(page) {
  const [x, y] = await place(page, 1);
  await corner(page, 1).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown',
    'Shift+ArrowDown']) {
    await page.keyboard.press(key);
  }
  const [right, below] = await place(page, 1);
  check(Math.abs(right - x - 2) < 0.05 && Math.abs(below - y - 1.1) < 0.05,
    'arrows move a corner', [x, y, right, below]);
  check(await page.evaluate(() =>
    document.activeElement.getAttribute('aria-label')?.startsWith('Corner 1')),
  'and it keeps the focus');
  await page.keyboard.press('Enter');
  await corner(page, 4).waitFor();
  await page.keyboard.press('Delete');
  check(await corner(page, 4).count() === 0, 'corners come and go');
}

async function mouse(page) {
  await page.getByRole('button', { name: 'Add a zone' }).click();
  await page.getByLabel('Name').last().fill('shelf');
  const stage = await page.locator('.stage').boundingBox();
  const at = await corner(page, 1).boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  await page.mouse.down();
  await page.mouse.move(stage.x + stage.width * 0.2,
    stage.y + stage.height * 0.3, { steps: 5 });
  await page.mouse.up();
  const [x, y] = await place(page, 1);
  check(Math.abs(x - 20) < 0.3 && Math.abs(y - 30) < 0.3,
    'a corner is where the mouse let go of it', [x, y]);
}

// Nonsense is refused in words, and what was drawn is still there.
async function refused(page) {
  await page.getByLabel('Name').last().fill('the shelf');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('a-z 0-9').waitFor();
  await page.getByLabel('Name').last().fill('shelf');
}

export async function zones(page, out) {
  await page.locator('nav a[href="#/zones"]').click();
  await page.getByRole('group', { name: 'Zone 1' }).waitFor();
  await keyboard(page);
  await mouse(page);
  await refused(page);
  await page.waitForFunction(() =>
    document.querySelector('.stage video')?.videoWidth > 0);
  await page.screenshot({ path: `${out}/zones.png`, fullPage: true });
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('Written to operation.yaml.').waitFor();
}
