// The console, by people. Usage: console.mjs LINK OUT-FOLDER
// LINK is the one-time link that the station told.
import { browsing, check, end, fits, visitor } from './open.mjs';

const [link, out] = process.argv.slice(2);
const home = new URL('/', link).href;
const password = 'seven green watering cans';

// What a script of the page is answered: status and body.
const call = (page, path, fields) => page.evaluate(async ([to, body]) => {
  const hello = await (await fetch('/api/hello')).json();
  const answer = await fetch(to, body ? {
    method: 'POST',
    headers: { 'Content-Type': 'application/json',
      'X-Sting-Csrf': hello.session?.csrf ?? '' },
    body: JSON.stringify(body),
  } : {});
  return { http: answer.status, got: await answer.json() };
}, [path, fields]);

async function login(page, user, code) {
  await page.getByLabel('Name').fill(user);
  await page.getByLabel('Password').fill(password);
  if (code) await page.getByLabel('Six digits').fill(code);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function first(browser) {
  const { page, wrong } = await visitor(browser, { width: 1280, height: 800 },
    [400]);
  await page.goto(link);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill(password);
  await page.screenshot({ path: `${out}/first.png` });
  await page.getByRole('button').click();
  await page.getByRole('group', { name: 'garage' }).waitFor();
  check(!page.url().includes('first'), 'the link is gone from the address',
    page.url());
  await page.screenshot({ path: `${out}/state.png` });
  const added = await call(page, '/api/users/add', { user: 'ben',
    role: 'auditor', password });
  check(added.http === 200, 'an admin adds a user', added);
  const weak = await call(page, '/api/users/add', { user: 'cleo',
    role: 'viewer', password: 'short' });
  check(weak.http === 400 && weak.got.error === 'weak-password',
    'a short password is refused', weak);
  const limited = await call(page, '/api/users/add', { user: 'cleo',
    role: 'viewer', cameras: 'yard', password });
  check(limited.http === 200, 'a viewer may be held to cameras', limited);
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return page;
}

async function auditor(browser) {
  const { page, wrong } = await visitor(browser, { width: 360, height: 640 },
    [401, 403]);
  await page.goto(home);
  await login(page, 'nobody');
  await page.getByRole('alert').getByText('wrong').waitFor();
  await login(page, 'ben');
  await page.getByText('ben, auditor').first().waitFor();
  await fits(page);
  await page.getByText('keys/mark: made (sting new)').waitFor();
  check((await page.locator('.happened li').count())
    === (await page.locator('.happened li.custody').count()),
  'an auditor reads who opened and took what, and nothing else');
  check((await page.locator('nav a').allInnerTexts()).join()
    === 'Custody,Account', 'no other page is an auditor\'s');
  await page.screenshot({ path: `${out}/auditor.png` });
  for (const [path, fields] of [['/api/state'], ['/api/users'],
    ['/api/events'], ['/api/timeline'], ['/api/incidents'], ['/api/users/add', { user: 'dora', role: 'admin',
      password }], ['/api/users/remove', { user: 'anna' }]]) {
    const got = await call(page, path, fields);
    check(got.http === 403 && got.got.error === 'role',
      `an auditor is refused ${path}`, got);
  }
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
}

async function viewer(browser) {
  const { page } = await visitor(browser, { width: 800, height: 600 });
  await page.goto(home);
  await login(page, 'cleo');
  await page.getByText('cleo, viewer').first().waitFor();
  const { got } = await call(page, '/api/state');
  check(got.cameras.length === 0, 'a viewer sees the cameras named', got);
}

async function out_again(page) {
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  const state = await call(page, '/api/state');
  check(state.http === 401, 'who logged out is refused', state);
}

await end(() => browsing(async (browser) => {
  const page = await first(browser);
  await auditor(browser);
  await viewer(browser);
  await out_again(page);
  return { ok: true };
}));
