// Writes .env for docker compose: .env.example with a random value for every secret that is empty there.
//   node tools/manifests/make-env.mjs [file]
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const example = new URL('../../.env.example', import.meta.url);
const target = process.argv[2] ?? new URL('../../.env', import.meta.url);

if (existsSync(target)) {
  console.error(
    `${process.argv[2] ?? '.env'} exists and was left as it is. Its passwords are those of the stored data.`,
  );
  process.exit(1);
}

const filled = readFileSync(example, 'utf8').replace(
  /^([A-Z_]+)=$/gm,
  (_, name) => `${name}=${randomBytes(32).toString('hex')}`,
);
writeFileSync(target, filled, { mode: 0o600 });
console.log(`Wrote ${process.argv[2] ?? '.env'}. Next: docker compose up --detach --build`);
