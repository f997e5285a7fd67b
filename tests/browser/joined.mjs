// Who sees the yard alone, once it has joined an incident of the garage.
// Usage: joined.mjs ADDRESS OUT-FOLDER
import { accessible } from './axe.mjs';
import { browsing, check, end, fits, visitor } from './open.mjs';

const [home, out] = process.argv.slice(2);
const OTHERS = /garage|document was touched/i;

async function told(page, hash, wanted) {
  await page.goto(`${home}#/${hash}`);
  await page.locator('main').getByText(wanted).first().waitFor();
  const text = await page.locator('main').innerText();
  check(!OTHERS.test(text), `#/${hash} tells of no camera but his`,
    text.match(/.*(garage|was touched).*/i)?.[0]);
  await fits(page);
  await page.screenshot({ path: `${out}/joined-${hash.replace('/', '-')}.png`,
    fullPage: true });
}

await end(() => browsing(async (browser) => {
  const { page, wrong } = await visitor(browser, { width: 1280, height: 900 },
    [503]);
  await page.goto(home);
  await page.getByLabel('Name').fill('otto');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  await told(page, 'wall', /Incident 1.*yard/);
  await told(page, 'incidents', /somebody/i);
  await told(page, 'incidents/1', /yard/);
  await accessible(page, 'an incident by its second camera');
  await told(page, 'timeline', /yard/);
  return { wrong };
}));
