// Live pictures. Usage: live.mjs ADDRESS OUT-FOLDER SECONDS CAMERA...
// Logs in as anna; shows the cameras on one page; tells when the first picture
// of each was seen, how far behind they are, and what was dropped.
import { browsing, check, end, visitor } from './open.mjs';

const [home, out, seconds, ...cameras] = process.argv.slice(2);
const password = 'seven green watering cans';

// In the page: elements for the cameras, and when each showed its first frame.
const show = (names) => {
  const begun = performance.now();
  const main = document.createElement('main');
  main.id = 'live-test';
  return import('/page/live.mjs').then(() => Promise.all(names.map((name) => {
    const element = document.createElement('sting-live');
    element.setAttribute('camera', name);
    main.append(element);
    document.body.replaceChildren(main);
    return new Promise((seen) => {
      element.video.requestVideoFrameCallback(() => seen(
        performance.now() - begun));
    });
  })));
};

// How different the pixels of a video are, and how they changed meanwhile.
const look = (wait) => Promise.all([...document.querySelectorAll(
  'sting-live')].map(async (element) => {
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 90;
  const draw = canvas.getContext('2d', { willReadFrequently: true });
  const grab = () => {
    draw.drawImage(element.video, 0, 0, 160, 90);
    return draw.getImageData(0, 0, 160, 90).data.slice();
  };
  const before = grab();
  await new Promise((then) => { setTimeout(then, wait); });
  const after = grab();
  let changed = 0;
  let low = 255;
  let high = 0;
  for (let i = 0; i < before.length; i += 4) {
    changed += Math.abs(before[i] - after[i]) > 24;
    low = Math.min(low, after[i]);
    high = Math.max(high, after[i]);
  }
  return { changed, low, high, width: element.video.videoWidth };
}));

const behind = () => [...document.querySelectorAll('sting-live')].map(
  (element) => ({ behind: element.behind,
    ...(({ totalVideoFrames, droppedVideoFrames }) => ({
      frames: totalVideoFrames, dropped: droppedVideoFrames }))(
      element.video.getVideoPlaybackQuality()) }));

await end(() => browsing(async (browser) => {
  const { page, wrong } = await visitor(browser, { width: 1280, height: 800 });
  await page.goto(home);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button').click();
  await page.getByRole('group', { name: cameras[0] }).waitFor();
  // Twice: who comes second begins with what is held for the first.
  const first = await page.evaluate(show, cameras);
  const samples = [];
  for (let i = 0; i < 2 * Number(seconds); i++) {
    await page.waitForTimeout(500);
    samples.push(await page.evaluate(behind));
  }
  const pixels = await page.evaluate(look, 700);
  await page.screenshot({ path: `${out}/live.png` });
  const stills = await page.evaluate(async (name) => {
    const answer = await fetch(`/api/snapshot?camera=${name}`);
    const picture = await createImageBitmap(await answer.blob());
    return [answer.headers.get('content-type'), picture.width, picture.height];
  }, cameras[0]);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { first, samples, pixels, stills };
}));
