import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import { PROTO_FILES, PROTO_FOLDER, PROTO_LOADER } from '@fowergram/contracts-grpc';
import { grpcBounds } from '../../src/grpc/grpc.config.js';

const docs = readFileSync('docs/grpc.md', 'utf8');
const definition = loadSync(PROTO_FILES, { ...PROTO_LOADER, includeDirs: [PROTO_FOLDER] });

/** Our methods, as docs/grpc.md spells them. */
const methods = Object.entries(definition).flatMap(([name, service]) =>
  'format' in service ? [] : Object.keys(service).map((method) => `${name}/${method}`),
);

describe('The messages of gRPC', () => {
  it('break no rule of buf: names, packages with a version, a sentence for everything', () => {
    const lint = () =>
      execFileSync(process.execPath, ['node_modules/@bufbuild/buf/bin/buf', 'lint', join(PROTO_FOLDER, '..')], {
        encoding: 'utf8',
      });
    expect(lint()).toBe('');
  });

  it('are those of methods that docs/grpc.md names, each with its scope', () => {
    const rows = [...docs.matchAll(/^\| `(fowergram\.[\w.]+\/\w+)` \| `[a-z]+:[a-z]+` \|/gm)].map(([, name]) => name!);
    expect(rows.sort()).toEqual(methods.sort());
  });

  it('have the bounds of docs/grpc.md', () => {
    const rows = Object.entries<{ value: number; because: string }>(grpcBounds).map(
      ([name, { value, because }]) => `| \`${name}\` | ${value.toLocaleString('en')} | ${because} |`,
    );
    const table = docs.slice(docs.indexOf('| bound | value | because |')).split('\n\n')[0]!;
    expect(table.trim().split('\n').slice(2)).toEqual(rows);
  });
});
