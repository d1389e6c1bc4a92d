import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '@fowergram/testing';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const pictures = '.data/web-pictures';
const IS_COMPLETE = '[...document.images].every((image) => image.complete) && !document.querySelector(".skeleton")';

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** What axe-core finds wrong with a page for those who use a keyboard or a screen reader. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Violation[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** Takes a picture of a page, to be looked at, and answers what axe-core finds wrong with it. */
export async function look(page: Page, name: string): Promise<string[]> {
  mkdirSync(pictures, { recursive: true });
  await eventually(() => page.evaluate(IS_COMPLETE));
  const { width } = page.viewportSize()!;
  await page.screenshot({ path: join(pictures, `${name}-${width}.png`) });
  return violationsOf(page);
}
