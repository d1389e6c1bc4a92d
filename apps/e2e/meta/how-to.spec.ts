import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { permissionFiles } from '../../../tools/permissions/generate.mjs';
import { EditedFile } from '../src/guides/edited-file.js';
import { type Block, type Place, readGuides } from '../src/guides/guide.js';
import { ScratchCopy } from '../src/guides/scratch-copy.js';

const root = process.cwd();
const guides = readGuides(root);
const blocks = guides.flatMap((guide) => guide.blocks);
const placed = blocks.filter(({ place }) => place);
const generators = [...new Set(guides.flatMap(({ commands }) => commands))].filter((line) => line.startsWith('nx g '));
const titlesOf = (code: string[]) => code.flatMap((line) => /^\s*it\('(.*)', async/.exec(line)?.[1] ?? []);
const specs = placed.filter(({ place }) => place!.file.endsWith('.spec.ts'));
const tests = specs.flatMap(({ guide, code }) => titlesOf(code).map((title) => [guide, title] as const));

/** One copy of the tree follows all guides, so they also agree with each other. */
describe('The guides of docs/how-to, followed step by step in a copy of the tree,', () => {
  let copy: ScratchCopy;
  let typeErrors: string[];
  let outcomes: Map<string, string[]>;

  beforeAll(async () => {
    copy = await ScratchCopy.make(root);
    for (const command of generators) await copy.generate(command);
    for (const block of placed) copy.insert(block);
    await copy.generatePrisma();
    const files = [...new Set(specs.map(({ place }) => place!.file))];
    const titles = tests.map(([, title]) => title);
    [typeErrors, outcomes] = await Promise.all([copy.typeErrors(), copy.test(files, titles)]);
  }, 300_000);

  afterAll(() => copy?.remove());

  it('say for each block of code to which place it belongs', () => {
    const homeless = blocks.filter(({ place, language }) => !place && language !== 'sh');
    expect(homeless.map(({ guide, line }) => `${guide}:${line}`)).toEqual([]);
  });

  it.each(guides.map(({ file }) => file))('compile where they stand: %s', (file) => {
    expect(typeErrors.filter((error) => error.startsWith(`${file}:`))).toEqual([]);
  });

  it('leave nothing else that does not compile', () => {
    expect(typeErrors.filter((error) => !error.startsWith('docs/'))).toEqual([]);
  });

  it.each(tests)('bring tests that pass: %s, "%s"', (_, title) => {
    expect(outcomes.get(title)).toEqual([]);
  });
});

describe('docs/how-to/add-a-service.md', () => {
  const services = readdirSync('prisma');
  const own = new RegExp(`^(docs|prisma|apps/(?!e2e/)[^/]+|libs/contracts|k8s/base/(${services.join('|')}))/`);
  const generated = Object.keys(permissionFiles());
  const isPlace = (file: string) =>
    existsSync(file) &&
    !generated.includes(file) &&
    !own.test(file) &&
    !/^package-lock|^apps\/e2e\/(faults|meta|src\/caches)\/|\.(md|spec\.ts)$/.test(file);
  const namesAll = (file: string) => {
    const text = readFileSync(file, 'utf8');
    return services.every((service) => new RegExp(`\\b${service}\\b`).test(text));
  };

  it('lists every place that names all services', () => {
    const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n');
    const table = readFileSync('docs/how-to/add-a-service.md', 'utf8').matchAll(/^\| (`.*`) \|/gm);
    const listed = [...table].flatMap(([, places]) => places!.split(', ').map((place) => place.slice(1, -1)));
    expect(listed.sort()).toEqual(tracked.filter((file) => file !== '' && isPlace(file) && namesAll(file)).sort());
  });
});

describe('A block that a guide inserts', () => {
  const block = (place: Omit<Place, 'file'>, ...code: string[]): Block => ({
    guide: 'docs/how-to/a.md',
    line: 7,
    language: 'ts',
    code,
    place: { file: 'a.ts', ...place },
  });
  const source = ["import { a } from './a.js';", '', 'class A {', '  b() {}', '}'];

  it('goes to the end of its class, its imports to the others, and each line knows where it comes from', () => {
    const file = new EditedFile('a.ts', source.join('\n'));
    file.insert(block({ relation: 'in', text: 'class A' }, "import { c } from './c.js';", '', 'c() {', '  c();', '}'));
    const text = [
      source[0],
      "import { c } from './c.js';",
      ...source.slice(1, 4),
      '',
      '  c() {',
      '    c();',
      '  }',
      '}',
    ];
    expect(file.text.split('\n')).toEqual(text);
    expect(file.originOf(2)).toBe('docs/how-to/a.md:7');
    expect(file.originOf(8)).toBe('docs/how-to/a.md:10');
    expect(file.originOf(4)).toBeUndefined();
  });

  it.each([
    ['before', ['x', '  b() {}']],
    ['after', ['  b() {}', 'x']],
    ['instead of', ['x']],
  ] as const)('stands %s the line that it names', (relation, lines) => {
    const file = new EditedFile('a.ts', source.join('\n'));
    file.insert(block({ relation, text: 'b() {}' }, 'x'));
    expect(file.text.split('\n').slice(3, -1)).toEqual(lines.map((line) => line.replace(/^x/, '  x')));
  });

  it('is refused where its place is not there', () => {
    const file = new EditedFile('a.ts', source.join('\n'));
    expect(() => file.insert(block({ relation: 'in', text: 'class B' }, 'x'))).toThrow('docs/how-to/a.md:6');
  });
});
