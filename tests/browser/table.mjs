// The table: documents under cameras, their pictures cut to them.
import { check } from './open.mjs';

// Where the zone is drawn, and where it has to be, by the picture under it.
const places = (points) => {
  const cut = document.querySelector('sting-bait-zone .cut');
  const box = (of) => of.getBoundingClientRect();
  const [live, zone, window_] = [cut.querySelector('sting-live'),
    cut.querySelector('polygon'), cut].map(box);
  const [xs, ys] = [0, 1].map((i) => points.map((point) => point[i]));
  const wanted = [live.left + Math.min(...xs) * live.width,
    live.top + Math.min(...ys) * live.height,
    live.left + Math.max(...xs) * live.width,
    live.top + Math.max(...ys) * live.height];
  return { off: [zone.left, zone.top, zone.right, zone.bottom]
    .map((side, i) => Math.abs(side - wanted[i])),
  wide: live.width / window_.width,
  is_inside: wanted[0] >= window_.left && wanted[1] >= window_.top
      && wanted[2] <= window_.right && wanted[3] <= window_.bottom,
  shape: live.width / live.height };
};

// Pixels as the browser decoded them: is there light and dark among them?
const isDecoded = () => {
  const video = document.querySelector('sting-bait-zone video');
  if (!video?.videoWidth) return false;
  const canvas = document.createElement('canvas');
  const [wide, high] = [canvas.width, canvas.height] = [64, 36];
  const ink = canvas.getContext('2d');
  ink.drawImage(video, 0, 0, wide, high);
  const { data } = ink.getImageData(0, 0, wide, high);
  const grey = [...data].filter((_, i) => i % 4 === 1);
  return Math.max(...grey) - Math.min(...grey) > 30;
};

async function picture(page) {
  await page.waitForFunction(isDecoded);
  const state = await page.evaluate(async () =>
    (await fetch('/api/state')).json());
  const camera = state.cameras.find(({ name }) => name === 'garage');
  const at = await page.evaluate(places, camera.zones[0].points);
  check(Math.max(...at.off) < 2 && at.is_inside,
    'the picture is cut to the zone', at);
  check(at.wide > 1.2, 'and is larger than the whole would be', at);
  check(Math.abs(at.shape - camera.width / camera.height) < 0.02,
    'nothing is drawn out', at);
}

// Our own go in, by keyboard, and come out, by mouse.
async function go(page) {
  await page.getByLabel('Who goes in').fill('anna and ben');
  await page.keyboard.press('Enter');
  await page.getByText(/^anna and ben is in the room, since \d\d:/).waitFor();
  await page.getByRole('button', { name: 'Out again' }).click();
  await page.getByLabel('Who goes in').waitFor();
}

export async function table(page, out) {
  await page.locator('nav a[href="#/table"]').click();
  const zone = page.getByRole('group', { name: 'tank, copy 7' });
  await zone.getByText('zone desk, seen by camera garage').waitFor();
  check(await page.locator('sting-bait-zone').count() === 1,
    'only where a document lies');
  await picture(page);
  await zone.getByText(/It is not known yet|% contrast/).waitFor();
  await page.screenshot({ path: `${out}/table.png`, fullPage: true });
  await go(page);
}
