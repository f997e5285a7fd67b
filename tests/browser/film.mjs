// Opens an exhibit as who received it does: REPORT.html and then the film, by
// two clicks on files. Usage: film.mjs EXHIBIT FILM PICTURES
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, end, open } from './open.mjs';

const [folder, film, pictures] = process.argv.slice(2);
const size = { width: 1280, height: 800 };

// Played to its end; then how bright the picture is in a coarse grid.
const played = async () => {
  const video = document.querySelector('video');
  video.muted = true;
  video.playbackRate = 4;
  const ended = new Promise((done) => video.addEventListener('ended', done));
  await video.play();
  await ended;
  const canvas = document.createElement('canvas');
  canvas.width = 16;
  canvas.height = 9;
  const draw = canvas.getContext('2d');
  draw.drawImage(video, 0, 0, 16, 9);
  const { data } = draw.getImageData(0, 0, 16, 9);
  const levels = [...data].filter((_, i) => i % 4 === 1);
  const { width, height } = { width: video.videoWidth, height: video.videoHeight };
  return { width, height, seconds: video.duration,
    frames: video.getVideoPlaybackQuality().totalVideoFrames,
    darkest: Math.min(...levels), brightest: Math.max(...levels) };
};

// The file as it lies there, under an address at which pixels may be read.
async function asked(page) {
  const body = await readFile(join(folder, film));
  const address = 'http://exhibit.test/';
  await page.route(`${address}**`, (route) => route.fulfill(
    route.request().url() === address
      ? { contentType: 'text/html', body: '<video src="film.mp4"></video>' }
      : { contentType: 'video/mp4', body }));
  await page.goto(address);
  return page.evaluate(played);
}

await end(async () => {
  const report = await open(pathToFileURL(join(folder, 'data/REPORT.html')).href,
    size, async (page) => {
      await page.screenshot({ path: `${pictures}/report.png`, fullPage: true });
      return page.evaluate(() => performance.getEntriesByType('resource')
        .map((one) => one.name).filter((name) => !name.startsWith('data:')));
    });
  check(report.length === 0, 'the report fetches nothing', report);
  return open(pathToFileURL(join(folder, film)).href, size, async (page) => {
    await page.screenshot({ path: `${pictures}/film.png` });
    const direct = await page.evaluate(() => document.querySelector('video').videoWidth);
    const seen = await asked(page);
    check(direct === seen.width && direct > 0, 'the file opens by itself', direct);
    return seen;
  });
});
