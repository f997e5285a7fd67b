// A browser whose errors fail the test, and claims told as sentences.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.BROWSER_MODULES}/`);
const { chromium } = require('playwright-core');

export class Broken extends Error {}

export function check(holds, sentence, seen = '') {
  if (!holds) throw new Broken(`${sentence} ${JSON.stringify(seen)}`);
}

// Opens `address` in a window of that size; `use` gets the page. Every message
// to the console, every failed request and every error in a script is a
// failure.
export async function open(address, size, use) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
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
