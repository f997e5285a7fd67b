// The console as a reader of screens has it: Chromium's own tree of names and
// roles, what live regions say and how often, where one stands. Usage:
// reader.mjs LINK OUT-FOLDER. What would be read is kept as reader-*.txt. Says
// when it is ready for what is to happen next at the cameras.
import { writeFileSync } from 'node:fs';
import { browsing, check, end, visitor } from './open.mjs';

const [link, out] = process.argv.slice(2);
const CONTROLS = ['button', 'link', 'textbox', 'combobox', 'checkbox', 'radio',
  'slider', 'spinbutton', 'searchbox', 'switch', 'listbox', 'group', 'region',
  'navigation', 'image', 'form'];
const PLACES = ['banner', 'navigation', 'main', 'contentinfo'];
// Names that are the same in every language: of people, cameras, programs.
const OWN = /^(sting|anna|shed|yard|English|Українська|webhook-\d|\d.*)$/;

// Each thing that live regions say, as it is said.
const listen = () => {
  globalThis.heard = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const at = (target.nodeType === 1 ? target : target.parentElement)
        ?.closest('[role=status], [role=alert], [aria-live]');
      const text = at?.textContent.trim();
      if (text) heard.push([at.getAttribute('role'), text]);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
};

// The tree, in the order of the page: [depth, role, name, level].
async function tree(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const by = new Map(nodes.map((node) => [node.nodeId, node]));
  const read = [];
  const walk = (id, depth) => {
    const node = by.get(id);
    if (!node) return;
    const role = node.role?.value;
    if (!node.ignored && !['InlineTextBox', 'none', 'generic'].includes(role)) {
      read.push([depth, role, (node.name?.value ?? '').trim(),
        node.properties?.find(({ name }) => name === 'level')?.value.value]);
    }
    for (const child of node.childIds ?? []) walk(child, depth + 1);
  };
  walk(nodes[0].nodeId, 0);
  return read;
}

function headings(read, where) {
  const levels = read.filter(([, role]) => role === 'heading')
    .map(([, , name, level]) => [level, name]);
  check(levels.filter(([level]) => level === 1).length === 1
    && levels[0][0] === 1, `${where} begins with its one title`, levels);
  check(levels.every(([level, name], i) => name
    && (i === 0 || level <= levels[i - 1][0] + 1)),
  `headings of ${where} follow one another`, levels);
}

// Every control says what it does, in the language that is chosen.
async function spoken(page, where, language) {
  const read = await tree(page);
  const controls = read.filter(([, role]) => CONTROLS.includes(role));
  const mute = controls.filter(([, role, name]) => !/[\p{L}\d]/u.test(name)
    && role !== 'group' && role !== 'form');
  check(controls.length > 8 && mute.length === 0,
    `every control on ${where} has a name`, [controls.length, mute]);
  if (language === 'uk') {
    const foreign = controls.filter(([, role, name]) =>
      ['button', 'textbox', 'combobox', 'slider', 'radio', 'checkbox']
        .includes(role) && name && !OWN.test(name)
      && !/[\u0400-\u04ff]/.test(name));
    check(foreign.length === 0, `and in Ukrainian on ${where}`, foreign);
  }
  for (const place of PLACES) {
    check(read.filter(([, role]) => role === place).length === 1,
      `${where} has one ${place}`);
  }
  headings(read, where);
  writeFileSync(`${out}/reader-${where}.txt`, read.filter(([, role, name]) =>
    name || role !== 'StaticText').map(([depth, role, name, level]) =>
    `${' '.repeat(depth)}${role}${level ? ` ${level}` : ''}: ${name}`)
    .join('\n'));
}

async function tour(page, language) {
  await page.locator('footer select').first().selectOption(language);
  const links = await page.locator('nav a').evaluateAll((all) =>
    all.map((one) => one.hash));
  for (const hash of [...links, '#/incidents/1']) {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(700);
    await spoken(page, `${hash.slice(2).replace('/', '-')}-${language}`,
      language);
  }
}

const heard = (page, like, role) => page.evaluate(([source, of]) =>
  globalThis.heard.filter(([how, text]) => how === of
    && new RegExp(source).test(text)).length, [like, role]);

const waitHeard = (page, like, role, ms = 60000) => page.waitForFunction(
  ([source, of]) => globalThis.heard.some(([how, text]) => how === of
    && new RegExp(source).test(text)), [like, role], { timeout: ms });

const standsOn = (page) => page.evaluate(() => [document.activeElement.tagName,
  document.activeElement.id, document.activeElement.getAttribute('href')]
  .join());

// On the wall: an incident, then a touch, each said once; and who stands on
// its line stays there.
async function wall(page) {
  await page.evaluate(() => { location.hash = '#/wall'; });
  await page.getByRole('group', { name: 'shed' }).waitFor();
  console.error('the wall is open');
  await waitHeard(page, '^Incident 1, shed, .*somebody is there', 'status');
  const line = page.locator('sting-wall .incident a').first();
  await line.focus();
  console.error('somebody stands on its line');
  await waitHeard(page, 'Incident 1, shed.*TOUCHED', 'alert');
  await page.waitForTimeout(4000); // it looks four times more
  check(await standsOn(page) === 'A,,#/incidents/1',
    'who stands on an incident stays there as it rises', await standsOn(page));
  check(await heard(page, 'Incident 1.*somebody', 'status') === 1
    && await heard(page, 'TOUCHED', 'alert') === 1,
  'an incident and its touch are said once',
  await page.evaluate(() => globalThis.heard));
  console.error('the touch was told once');
  await waitHeard(page, '^Incident 1 is over', 'status');
  check(await heard(page, 'shed: somebody|shed: THE DOC', 'status') === 0,
    'and not once more as a state of the camera',
    await page.evaluate(() => globalThis.heard));
}

// On the table, in Ukrainian, while somebody writes who goes in.
async function table(page) {
  await page.locator('footer select').first().selectOption('uk');
  await page.evaluate(() => { location.hash = '#/table'; });
  await page.locator('sting-table #who').waitFor();
  await page.locator('#who').fill('нічна зміна');
  await page.locator('#who').evaluate((at) => at.setSelectionRange(3, 3));
  await page.evaluate(() => { globalThis.heard.length = 0; });
  console.error('the table is open');
  await waitHeard(page, '^Подія 2, yard', 'status');
  console.error('he was told of it there');
  await waitHeard(page, 'Подія 2, yard', 'alert');
  await page.waitForTimeout(3000);
  const at = await page.locator('#who').evaluate((one) => [
    document.activeElement === one, one.value, one.selectionStart]);
  check(at.join() === 'true,нічна зміна,3',
    'who writes goes on where he was', at);
  check(await heard(page, 'Подія 2', 'status') === 1
    && await heard(page, 'Подія 2', 'alert') === 1,
  'it is said once, in Ukrainian', await page.evaluate(() =>
    globalThis.heard));
}

await end(() => browsing(async (browser) => {
  const { page, wrong } = await visitor(browser, { width: 1280, height: 900 },
    [503]);
  await page.addInitScript(listen);
  await page.goto(link);
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill('seven green watering cans');
  await page.keyboard.press('Enter');
  await page.locator('nav').waitFor();
  await wall(page);
  await table(page);
  await tour(page, 'en');
  await tour(page, 'uk');
  check(wrong.length === 0, 'the console of the browser is silent', wrong);
  return {};
}));
