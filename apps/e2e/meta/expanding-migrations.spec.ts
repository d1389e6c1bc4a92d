import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractions } from '../src/roll-out/contractions.js';

/** Those up to here were written before there was a release, and are applied before the first one starts. */
const FIRST_RELEASE = '20261202000000';

const migrations = ['user', 'post', 'media', 'notification'].flatMap((service) => {
  const folder = join('prisma', service, 'migrations');
  return readdirSync(folder).map((name) => ({ name, file: join(folder, name) }));
});

/** They run before the new version does, beside the old one (k8s/README.md). */
describe('Migrations', () => {
  it('take nothing away that the release before still uses', () => {
    expect(migrations.length).toBeGreaterThan(50);
    const later = migrations.filter(({ name }) => name > FIRST_RELEASE);
    expect(
      later.flatMap(({ file }) => contractions(readFileSync(file, 'utf8')).map((what) => `${file} ${what}`)),
    ).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['alter table post add column featured_at timestamptz(3);', []],
    ["alter table post add column mood text not null default '';", []],
    ['alter table post add column mood text not null;', ['demands a value of a new column']],
    ['alter table post drop column mood;', ['drops something']],
    ['drop table mood;', ['drops something']],
    ['alter table post rename column mood to feeling;', ['renames something']],
    ['alter table post alter column mood type int;', ['changes a type']],
    ['alter table post alter column mood set not null;', ['demands a value']],
    ['-- drop table mood\nselect 1;', []],
    ['-- contracts: 0.3.0 was the last release that read it.\nalter table post drop column mood;', []],
    ['-- contracts: yes\nalter table post drop column mood;', ['drops something']],
  ])('are looked at: %s', (up, found) => {
    expect(contractions(`-- migrate:up\n${up}\n\n-- migrate:down\ndrop table whatever;\n`)).toEqual(found);
  });
});
