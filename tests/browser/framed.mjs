// Somebody else's page puts ours into a frame, to have clicks fall on it.
// Usage: framed.mjs ADDRESS
import { createServer } from 'node:http';
import { browsing, check, end, visitor } from './open.mjs';

const [home] = process.argv.slice(2);

const serve = () => new Promise((ready) => {
  const server = createServer((_, answer) => {
    answer.setHeader('Content-Type', 'text/html');
    answer.end(`<iframe src="${home}" style="opacity: 0"></iframe>`);
  });
  server.listen(0, '127.0.0.1', () => ready(server));
});

async function framed(browser) {
  const server = await serve();
  const { page, wrong } = await visitor(browser, { width: 800, height: 600 });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => frames.length === 1);
  const inside = page.frames()[1];
  await inside.waitForLoadState().catch(() => {});
  const { url, words } = { url: inside.url(),
    words: await inside.evaluate(() => document.body?.innerText ?? '')
      .catch(() => '') };
  check(!url.startsWith('https:') && !words.includes('sting'),
    'nothing of ours is in the frame', [url, words]);
  check(wrong.some((text) => text.includes('frame-ancestors')),
    'the browser says why', wrong);
  server.close();
  return { url };
}

await end(() => browsing(framed));
