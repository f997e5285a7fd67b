// The strip of time, zones and areas under a finger, on a telephone; and is
// all that is to be touched large enough (WCAG 2.2, 2.5.8: 24 x 24)?
// Usage: touch.mjs ADDRESS OUT-FOLDER CAMERA
import { browsing, check, end, fits, visitor } from './open.mjs';

const [home, out, camera] = process.argv.slice(2);
const PAGES = ['wall', 'table', 'timeline', 'incidents', 'bait', 'zones',
  'settings', 'health', 'people', 'account'];
const LEAST_PX = 24;

// A finger: the browser makes pointer events of what the glass would tell.
async function finger(page) {
  const glass = await page.context().newCDPSession(page);
  const send = (type, at) => glass.send('Input.dispatchTouchEvent', { type,
    touchPoints: at ? [{ x: at[0], y: at[1], radiusX: 8, radiusY: 8 }] : [] });
  return {
    async tap(at) {
      await send('touchStart', at);
      await send('touchEnd');
    },
    async drag([ax, ay], [bx, by], steps = 8) {
      await send('touchStart', [ax, ay]);
      for (let i = 1; i <= steps; i++) {
        await send('touchMove', [ax + (bx - ax) * i / steps,
          ay + (by - ay) * i / steps]);
        await page.waitForTimeout(20);
      }
      await send('touchEnd');
    },
  };
}

async function log_in(page) {
  await page.goto(home);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
}

const strip = (page) => page.evaluate(() => {
  const element = document.querySelector('sting-strip');
  return { from: element.span.from, long: element.span.long, at: element.at,
    chosen: element.chosen };
});

async function timeline(page, hand) {
  await page.goto(`${home}#/timeline`);
  await page.locator('sting-strip svg rect.recorded').first().waitFor();
  const box = await page.locator('sting-strip .slide').boundingBox();
  const at = (part) => box.x + box.width * part;
  const lane = box.y + 60;
  await hand.tap([at(0.25), lane]);
  let is = await strip(page);
  const part = (is.at - is.from) / is.long;
  check(Math.abs(part - 0.25) < 0.02 && !is.chosen,
    'a finger puts the mark where it touches', [part, is.chosen]);
  await hand.drag([at(0.2), lane], [at(0.7), lane]);
  is = await strip(page);
  const ends = is.chosen?.map((end) => (end - is.from) / is.long);
  check(ends && Math.abs(ends[0] - 0.2) < 0.03 && Math.abs(ends[1] - 0.7)
    < 0.03, 'and chooses a stretch by dragging over the lanes', ends);
  const before = is.from;
  await hand.drag([at(0.3), box.y + 10], [at(0.6), box.y + 10]);
  is = await strip(page);
  const moved = (before - is.from) / is.long;
  check(Math.abs(moved - 0.3) < 0.03, 'and moves what is seen by the scale',
    moved);
}

// Down the page over the strip: that scrolls, and chooses nothing.
async function scrolled(page, hand) {
  await page.evaluate(() => {
    document.querySelector('sting-strip').choose(null);
    document.querySelector('main').style.paddingBottom = '100vh';
    document.querySelector('sting-strip').scrollIntoView({ block: 'center' });
  });
  const before = await page.evaluate(() => scrollY);
  const box = await page.locator('sting-strip .slide').boundingBox();
  await hand.drag([box.x + 100, box.y + 60], [box.x + 100, box.y - 140]);
  await page.waitForFunction((was) => scrollY > was + 50, before);
  check(!(await strip(page)).chosen, 'a page that is scrolled chooses nothing',
    await strip(page));
}

const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];

async function zones(page, hand) {
  await page.goto(`${home}#/zones`);
  await page.getByRole('button', { name: 'Add a zone' }).tap();
  const corner = page.getByRole('button', { name: 'Corner 1 of' }).last();
  await corner.scrollIntoViewIfNeeded();
  const stage = await page.locator('.stage').boundingBox();
  const size = await corner.boundingBox();
  check(Math.min(size.width, size.height) >= LEAST_PX,
    'a corner is large enough for a finger', size);
  await hand.drag(middle(size), [stage.x + stage.width * 0.2,
    stage.y + stage.height * 0.3]);
  const [x, y] = /: ([\d.]+) %, ([\d.]+) %/.exec(
    await corner.getAttribute('aria-label')).slice(1).map(Number);
  check(Math.abs(x - 20) < 1 && Math.abs(y - 30) < 1,
    'a corner of a zone is where the finger let go of it', [x, y]);
  await page.screenshot({ path: `${out}/touch-zones.png` });
}

// What is filled in a cut, drawn on its picture.
async function areas(page, hand) {
  await page.evaluate(async (href) => {
    await import('/page/areas.mjs');
    const element = document.createElement('sting-areas');
    document.querySelector('main').replaceChildren(element);
    element.show(href);
    scrollTo(0, 0);
  }, `/api/snapshot?camera=${camera}`);
  await page.waitForFunction(() =>
    document.querySelector('sting-areas img').naturalWidth > 0);
  const box = await page.locator('sting-areas .stage').boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  await hand.drag(at(0.2, 0.2), at(0.6, 0.8));
  const drawn = () => page.evaluate(() => document.querySelector('sting-areas')
    .text.split(',').map(Number));
  let [x, y, wide, high] = await drawn();
  check(Math.abs(x - 0.2) < 0.03 && Math.abs(y - 0.2) < 0.03
    && Math.abs(wide - 0.4) < 0.03 && Math.abs(high - 0.6) < 0.03,
  'a finger draws an area', [x, y, wide, high]);
  await hand.drag(at(0.6, 0.8), at(0.9, 0.7));
  [x, y, wide, high] = await drawn();
  check(Math.abs(wide - 0.7) < 0.03 && Math.abs(high - 0.5) < 0.03,
    'and moves its corner', [x, y, wide, high]);
}

// Of all that answers a touch: what is smaller than it should be. A link in a
// sentence may be, and a box whose label is touched as well.
const small = (least) => [...document.querySelectorAll(
  'a[href], button, input, select, textarea, summary, [role=button], '
  + '[role=slider], [tabindex="0"]')].filter((one) => {
  const touched = one.closest('label') ?? one;
  const { width, height } = touched.getBoundingClientRect();
  const isInline = one.matches('a') && getComputedStyle(one).display
    === 'inline' && one.parentElement.matches('p, li, td, dd');
  return one.checkVisibility() && width > 0 && !isInline
    && Math.min(width, height) < least;
}).map((one) => {
  const { width, height } = one.getBoundingClientRect();
  return `${one.outerHTML.slice(0, 120)}: ${width} x ${height}`;
});

async function sizes(page) {
  const found = new Set();
  for (const name of PAGES) {
    await page.goto(`${home}#/${name}`);
    await page.waitForTimeout(400);
    for (const one of await page.evaluate(small, LEAST_PX)) found.add(one);
    await fits(page);
  }
  check(found.size === 0, 'all that answers a touch is large enough',
    [...found]);
}

async function touch(browser) {
  const { page, wrong } = await visitor(browser, { width: 360, height: 740 },
    [], { hasTouch: true, isMobile: true });
  const hand = await finger(page);
  await log_in(page);
  await timeline(page, hand);
  await scrolled(page, hand);
  await zones(page, hand);
  await areas(page, hand);
  await sizes(page);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { pages: PAGES.length };
}

await end(() => browsing(touch));
