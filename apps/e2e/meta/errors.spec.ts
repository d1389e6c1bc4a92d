import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { errorCatalogue, type ErrorCode, KEY_REUSED_STATUS } from '@fowergram/contracts-core';
import { AccountStatus } from '@fowergram/contracts-user';
import { type Bucket, bucketNames } from '../../gateway/src/limits/limits.config.js';
import { meanings } from '../../gateway/src/rest/problem-pages.js';
import { reasonOf } from '../../gateway/src/limits/counted-limits.js';

/** What a reason that is put together at run time can become. */
const TEMPLATES: Record<string, string[]> = {
  '`ACCOUNT_${status}`': AccountStatus.options
    .filter((status) => status !== 'ACTIVE')
    .map((status) => `ACCOUNT_${status}`),
  'reasonOf(bucket)': Object.keys(bucketNames).map((bucket) => reasonOf(bucket as Bucket)),
};

const docs = readFileSync('docs/errors.md', 'utf8');
const documented = [...docs.matchAll(/^\| `([A-Z_]+)` \| `([A-Z_]+)` \| (\d{3}) \|/gm)];

/** What runs in the services; `badInput` itself is the one place where a reason comes from a parameter. */
const sourcesOf = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => /\/src\/.*\.ts$/.test(file) && !/^e2e\/|\/generated\/|\/app-error\.ts$/.test(file))
    .map((file) => join(folder, file));

/** The pairs `CODE REASON` that a file throws, and what cannot be read there. */
function thrownIn(file: string, text = readFileSync(file, 'utf8')): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'AppError')
      found.push(...ofAppError(node.arguments ?? ts.factory.createNodeArray()));
    if (ts.isCallExpression(node) && node.expression.getText() === 'badInput' && node.arguments[2])
      found.push(...reasonsOf(node.arguments[2]).map((reason) => `BAD_USER_INPUT ${reason}`));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found.map((pair) => (pair.includes('?') ? `${file}: ${pair}` : pair));
}

/** An error that is passed on, with a code or details of another one, was thrown where it came from. */
function ofAppError([code, , details]: ts.NodeArray<ts.Expression>): string[] {
  if (!code || !details || !ts.isObjectLiteralExpression(details)) return [];
  const reason = details.properties.find((property) => property.name?.getText() === 'reason');
  if (!reason) return [];
  const reasons = ts.isPropertyAssignment(reason) ? reasonsOf(reason.initializer) : [`?${reason.getText()}`];
  return reasons.map((name) => `${ts.isStringLiteral(code) ? code.text : `?${code.getText()}`} ${name}`);
}

/** The names behind an expression; one that starts with a question mark cannot be read. */
function reasonsOf(expression: ts.Expression): string[] {
  if (ts.isStringLiteral(expression)) return [expression.text];
  return TEMPLATES[expression.getText()] ?? [`?${expression.getText()}`];
}

describe('docs/errors.md', () => {
  it('has every error code with its status, and no other', () => {
    const table = docs.matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \|/gm);
    expect(Object.fromEntries([...table].map(([, code, status]) => [code, Number(status)]))).toEqual(errorCatalogue);
  });

  it('says of every code what the page of its problem says', () => {
    const rows = docs.matchAll(/^\| `([A-Z_]+)` \| \d{3} \| (.*) \|$/gm);
    expect(Object.fromEntries([...rows].map(([, code, meaning]) => [code, meaning]))).toEqual(meanings);
  });

  it('has every reason that is thrown with each of its codes, and no other', () => {
    const files = [...sourcesOf('apps'), ...sourcesOf('libs')];
    expect(files.length).toBeGreaterThan(300);
    const pairs = documented.map(([, reason, code]) => `${code} ${reason}`);
    expect([...new Set(files.flatMap((file) => thrownIn(file)))].sort()).toEqual(pairs.sort());
  });

  it('gives each reason the status of its code', () => {
    const ofKeys: Record<string, number> = { 'BAD_USER_INPUT IDEMPOTENCY_KEY_REUSED': KEY_REUSED_STATUS };
    const wrong = documented.filter(
      ([, reason, code, status]) =>
        (ofKeys[`${code} ${reason}`] ?? errorCatalogue[code as ErrorCode]) !== Number(status),
    );
    expect(wrong.map(([line]) => line)).toEqual([]);
  });

  it('would miss no form in which a reason is thrown', () => {
    const thrown = (code: string) => thrownIn('probe.ts', code);
    expect(thrown(`throw new AppError('CONFLICT', 'No.', { path, reason: 'TAKEN' });`)).toEqual(['CONFLICT TAKEN']);
    expect(thrown(`throw badInput(['a'], 'No.', 'WRONG');`)).toEqual(['BAD_USER_INPUT WRONG']);
    expect(thrown('new AppError("FORBIDDEN", "No.", { reason: `ACCOUNT_${status}` })')).toContain(
      'FORBIDDEN ACCOUNT_BANNED',
    );
    expect(thrown(`new AppError(error.code, 'No.', { ...error.details, path })`)).toEqual([]);
    expect(thrown(`new AppError('CONFLICT', 'No.', { reason })`)).toEqual(['probe.ts: CONFLICT ?reason']);
    expect(thrown(`badInput(path, 'No.', why)`)).toEqual(['probe.ts: BAD_USER_INPUT ?why']);
  });
});
