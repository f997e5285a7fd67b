// What does not work, as the page of it tells; and numbers for Prometheus.
// Usage: health.mjs LINK OUT-FOLDER
// Says "failures seen", upon which the channel is mended.
import { accessible } from './axe.mjs';
import { browsing, check, end, fits, visitor } from './open.mjs';

const [link, out] = process.argv.slice(2);

const row = (page, table, name) => page.getByRole('region', { name: table })
  .getByRole('row', { name });

const metric = async (page, name) => {
  const text = await page.evaluate(async () =>
    (await fetch('/metrics')).text());
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  check(line, `${name} is told`, text);
  return +line.split(' ').at(-1);
};

async function failures(page) {
  const channel = row(page, 'Alerts, by channel', 'webhook-1');
  await channel.getByText(/Could not connect|refused|Couldn't connect/i)
    .waitFor();
  await channel.getByText('never').waitFor();
  const died = row(page, 'Workers', 'camera garage').first();
  await died.getByText('was killed').waitFor();
  check((await died.innerText()).split('\t').slice(-3, -1).join() === '1,1',
    'it died once, and was started again once', await died.innerText());
  await died.getByText(/, \d\d:\d\d:\d\d$/).first().waitFor();
  await row(page, 'Outsiders who vouch', 'beacon-1').getByText('never')
    .waitFor();
  await row(page, 'Workers', 'these pages').waitFor();
  const camera = row(page, 'Cameras', 'garage');
  await camera.getByText('1, ').waitFor();
  await camera.getByText('ms ago').waitFor();
}

async function numbers(page) {
  const names = ['channel_waiting{channel="webhook-1"}',
    'channel_failures_total{channel="webhook-1"}',
    'outsider_refusals_total{outsider="beacon-1"}',
    'worker_deaths_total{worker="camera",of="camera",camera="garage"}',
    'camera_losses_total{camera="garage"}',
    'camera_gap_seconds_total{camera="garage"}',
    'camera_last_frame_timestamp_seconds{camera="garage"}'];
  for (const name of names) {
    check(await metric(page, `sting_${name}`) > 0, `${name} is counted`);
  }
}

// It is looked at; `axe` takes seconds.
async function looked_at(page, width, colorScheme, language, axe) {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
  await page.locator('footer select').first().selectOption(language);
  await page.locator('sting-health tbody tr').first().waitFor();
  await page.waitForTimeout(400);
  await fits(page);
  if (axe) await accessible(page, `health, ${width}, ${colorScheme}`);
  await page.screenshot({ path: `${out}/broken-${width}-${language}.png`,
    fullPage: true });
}

// Somebody answers now: it is sent, and nothing waits.
async function mended(page) {
  await page.waitForFunction(() => [...document.querySelectorAll(
    'sting-health tr')].some((one) => one.children[0].innerText === 'webhook-1'
      && one.children[1].innerText === '0'
      && /^\w+ \d+, /.test(one.children[2].innerText)));
  check(await metric(page, 'sting_channel_waiting{channel="webhook-1"}') === 0,
  'once somebody answers, nothing waits');
}

await end(() => browsing(async (browser) => {
  // The wall asks for stills of a stand-in, which has none: 503.
  const { page, wrong } = await visitor(browser, { width: 1440, height: 900 },
    [503]);
  await page.goto(link);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav a[href="#/health"]').click();
  await failures(page);
  await numbers(page);
  await looked_at(page, 1440, 'light', 'en', false);
  console.log('failures seen');
  await looked_at(page, 360, 'dark', 'uk', true);
  await page.locator('footer select').first().selectOption('en');
  await mended(page);
  await looked_at(page, 1440, 'light', 'en', true);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return { ok: true };
}));
