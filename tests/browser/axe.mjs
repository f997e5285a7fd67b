// What axe-core finds on a page, by its rules for WCAG 2.2 AA.
import { readFileSync } from 'node:fs';
import { check } from './open.mjs';

const source = readFileSync(`${process.env.BROWSER_MODULES}/node_modules/`
  + 'axe-core/axe.min.js', 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
  'best-practice'];

const look = async (tags) => {
  const { violations, passes } = await window.axe.run(document, {
    runOnly: tags, resultTypes: ['violations'] });
  return { passes: passes.length, found: violations.map(({ id, nodes }) =>
    [id, nodes.slice(0, 3).map(({ html, failureSummary }) =>
      `${html.slice(0, 160)}: ${failureSummary}`)]) };
};

export async function accessible(page, where) {
  await page.evaluate(source);
  const { passes, found } = await page.evaluate(look, TAGS);
  check(passes > 5, `axe-core looks at ${where}`, passes);
  check(found.length === 0, `axe-core finds nothing on ${where}`, found);
  return passes;
}
