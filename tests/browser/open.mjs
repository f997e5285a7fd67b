// A browser whose errors fail the test, and claims told as sentences.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');

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
