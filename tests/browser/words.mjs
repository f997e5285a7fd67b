// The table of words: every key in every language, none missing, none idle.
// Usage: words.mjs PAGE-FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { check, end } from './open.mjs';

const folder = process.argv[2];
const here = (name) => pathToFileURL(`${folder}/${name}`).href;
const names = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
const tables = names.filter((name) => name.startsWith('text_'));

await end(async () => {
  const rows = [];
  for (const name of tables) {
    rows.push(...Object.values(await import(here(name))).flatMap(
      Object.entries));
  }
  const keys = rows.map(([key]) => key);
  const twice = keys.filter((key, i) => keys.indexOf(key) !== i);
  check(twice.length === 0, 'a key stands once', twice);
  for (const [key, words] of rows) {
    check(words.length === 2 && words.every((one) => one.length > 0),
      'a key has its words in both languages', key);
    const marks = words.map((one) => (one.match(/\{\w+\}/g) ?? []).sort()
      .join());
    check(marks[0] === marks[1], 'both languages fill in the same', key);
    check(!/[\u0400-\u04ff]/.test(words[0]), 'English is English', key);
  }
  const code = names.filter((name) => !name.startsWith('text')).map((name) =>
    readFileSync(`${folder}/${name}`, 'utf8')).join('\n');
  const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key);
  const unknown = asked.filter((key) => !keys.includes(key));
  check(unknown.length === 0, 'every key that is asked for is there', unknown);
  // A group is asked for as `word('group', name)` or `t(`group.${name}`)`.
  const groups = [...code.matchAll(
    /word\('([a-z-]+)'|`([a-z-]+)\.\$\{/g)].map(([, a, b]) => a ?? b);
  const idle = keys.filter((key) => !code.includes(`'${key}'`)
    && !groups.includes(key.slice(0, key.lastIndexOf('.'))));
  check(idle.length === 0, 'every key is used', idle);
  return { keys: keys.length };
});
