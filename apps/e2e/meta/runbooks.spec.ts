import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, parseYaml, readText, root } from '../../../tools/manifests/src/files.js';
import { readBase } from '../../../tools/manifests/src/kubernetes.js';
import { runbookOf } from '../../../tools/manifests/src/monitoring.js';
import { commandsOf, commandViolations } from '../src/runbooks.js';

const { groups } = parseYaml(readText('monitoring/alerts/fowergram.yml')) as { groups: Manifest[] };
const alerts = groups.flatMap(({ rules }) => (rules as Manifest[]).flatMap(({ alert }) => (alert as string) ?? []));
const books = readdirSync(join(root, 'docs/runbooks')).map((name) => `docs/runbooks/${name}`);
const objects = readBase().map(({ object }) => object as Manifest);

describe('a runbook', () => {
  it('is there for each alert, and for nothing else', () => {
    expect(books.sort()).toEqual(alerts.map(runbookOf).sort());
  });

  it.each(books)('says what users see, where to look, what to do and whom to call: %s', (book) => {
    const text = readText(book);
    const alert = alerts.find((name) => runbookOf(name) === book);
    expect(text.split('\n')[0]).toBe(`# ${alert}`);
    for (const part of ['**Users see.**', '## Look', '## Do', '## Call']) expect(text).toContain(part);
    expect(commandsOf(text)).not.toEqual([]);
  });

  it.each([...books, 'docs/on-call.md'])('has no command that does not exist: %s', (book) => {
    expect(commandsOf(readText(book)).flatMap((line) => commandViolations(line, objects))).toEqual([]);
  });

  it.each([
    ['fowergram fly', /no command of fowergram/],
    ['fowergram dead-letters show', /Usage/],
    ['fowergram state --force', /force/],
    ['fowergram state --reason <text>', /means nothing here/],
    ['kubectl get pods', /namespace/],
    ['kubectl --namespace fowergram rollout undo deployment/search', /no deployment\/search/],
    ['kubectl --namespace fowergram annihilate pods', /annihilate/],
    ['rm -rf /', /neither/],
  ])('would be refused with "%s"', (line, violation) => {
    expect(commandViolations(line, objects).join('\n')).toMatch(violation);
  });
});
