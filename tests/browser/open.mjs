// A browser whose errors fail the test, and claims told as sentences.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');

// Other tests run beside it; what never comes is told before the test's end.
const PATIENCE_MS = 60000;

export class Broken extends Error {}

export function check(holds, sentence, seen = '') {
  if (!holds) throw new Broken(`${sentence} ${JSON.stringify(seen)}`);
}

const start = () => chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});

// Somebody with a browser of his own, who takes a self-signed certificate.
// `refused` are the statuses that are expected: the browser tells each on the
// console; `more` is of the browser's context. Gives a page and what was wrong
// with it.
export async function visitor(browser, size, refused = [], more = {}) {
  const context = await browser.newContext({
    viewport: size, ignoreHTTPSErrors: true, ...more });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    const text = message.text();
    if (!refused.some((http) => text.includes(`status of ${http} `))) {
      wrong.push(text);
    }
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  return { context, page, wrong };
}

// A browser for several visitors, closed behind them.
export async function browsing(use) {
  const browser = await start();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

// Opens `address` in a window of that size; `use` gets the page. Every message
// to the console, every failed request and every error in a script is a
// failure.
export async function open(address, size, use) {
  const browser = await start();
  try {
    const page = await browser.newPage({ viewport: size });
    const wrong = [];
    page.on('console', (message) => wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('requestfailed', (request) => wrong.push(request.url()));
    await page.goto(address);
    const got = await use(page);
    check(wrong.length === 0, 'the page is silent on the console', wrong);
    return got;
  } finally {
    await browser.close();
  }
}

// What the station answers at `path` reads otherwise, until `use` is done:
// `fields` are laid over it, level by level. It is done in the page; a route of
// the browser's own is a race when it ends while somebody asks.
export async function altered(page, path, fields, use) {
  await page.evaluate(([at, over]) => {
    const lay = (under, top) => Object.entries(top).forEach(([key, value]) => {
      if (value && typeof value === 'object') lay(under[key], value);
      else under[key] = value;
    });
    const fetched = window.fetch;
    window.fetch = async (...words) => {
      const answer = await fetched(...words);
      if (words[0] !== at || !answer.ok) return answer;
      const got = await answer.json();
      lay(got, over);
      return new Response(JSON.stringify(got), answer);
    };
    window.unaltered = () => { window.fetch = fetched; };
  }, [path, fields]);
  await use();
  await page.evaluate(() => window.unaltered());
}

// No part of the page lies outside a window as wide as this.
export async function fits(page) {
  const [wide, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth, innerWidth]);
  check(wide <= window, 'nothing lies beside the window', [wide, window]);
}

export async function end(run) {
  try {
    console.log(JSON.stringify(await run()));
  } catch (error) {
    console.error(error instanceof Broken ? error.message : error.stack);
    process.exitCode = 1;
  }
}
