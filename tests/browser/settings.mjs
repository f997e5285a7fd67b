// Settings: what may be set, checked first, and what stays the machine's.
import { check } from './open.mjs';

// As a worker that was taken over would ask, with a session's own word.
const set = async (lines) => {
  const { session: { csrf } } = await (await fetch('/api/hello')).json();
  const { sha256 } = await (await fetch('/api/settings')).json();
  const answer = await fetch('/api/settings', { method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Sting-Csrf': csrf },
    body: JSON.stringify({ sha256, settings: lines }) });
  return [answer.status, (await answer.json()).error];
};

const REFUSED = ['alerts.1.token_file /etc/passwd',
  'cameras.1.password_file /etc/passwd', 'alerts.1.webhook https://e.example',
  'ack_url https://e.example', 'recipients.1 age1x', 'retention.days 1',
  'record incidents'];

export async function settings(page, out) {
  await page.locator('nav a[href="#/settings"]').click();
  const quiet = page.getByLabel('so many quiet seconds');
  await quiet.waitFor();
  check(await page.getByLabel('Days', { exact: true }).inputValue() === '30',
    'what is written is shown');
  check(await quiet.getAttribute('placeholder') === '10',
    'and what is so where nothing is');
  await quiet.fill('many');
  await page.keyboard.press('Enter');
  await page.getByText(/^Line \d+, column \d+: .*write seconds/).waitFor();
  await page.screenshot({ path: `${out}/settings.png`, fullPage: true });
  await quiet.fill('12');
  await page.getByLabel('What the team is to do, zone desk')
    .fill('wait by the gate: "quietly"');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Written to operation.yaml.').waitFor();
  for (const lines of REFUSED) {
    const got = await page.evaluate(set, lines);
    check(got.join() === '400,config', `${lines} is refused`, got);
  }
}
