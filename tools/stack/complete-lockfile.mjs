import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './files.mjs';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = {
  arm: 'arm',
  armv7: 'arm',
  arm64: 'arm64',
  i686: 'ia32',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};

/**
 * Optional packages that the lock file does not list. npm leaves out those of other platforms when its registry does not carry
 * them, and then `npm ci` refuses the very file that npm wrote.
 * @param {any} lock a parsed package-lock.json
 * @returns {{ name: string, version: string, dev: boolean }[]}
 */
export function absentFromLock(lock) {
  const wanted = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies).map(([name, version]) => ({ path, name, version, dev })),
  );
  return wanted.filter(({ path, name }) => !placesOf(path, name).some((place) => lock.packages[place]));
}

/** Where Node would look for a package from another one, nearest first. */
function placesOf(path, name) {
  const folders = path
    .split('/node_modules/')
    .map((_part, index, parts) => parts.slice(0, parts.length - index).join('/node_modules/'));
  return [...new Set([...folders, ''])].map((folder) => `${folder ? `${folder}/` : ''}node_modules/${name}`);
}

/** Adds what is absent. The platform is in the name; npm needs it, or it would try to install them all. */
export function completeLock(lock) {
  const added = absentFromLock(lock).map(({ name, version, dev }) => [
    `node_modules/${name}`,
    { version: version.replace(/^[\^~]/, ''), ...(dev && { dev }), optional: true, ...platformOf(name) },
  ]);
  const { '': project, ...packages } = lock.packages;
  const sorted = Object.entries({ ...packages, ...Object.fromEntries(added) }).sort(([left], [right]) =>
    left.localeCompare(right, 'en'),
  );
  return { ...lock, packages: { '': project, ...Object.fromEntries(sorted) } };
}

function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.find((word) => systems.includes(word));
  const cpu = words.map((word) => processors[word]).find(Boolean);
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu')) && os === 'linux'
      ? 'glibc'
      : undefined;
  return { ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }), ...(os && { os: [os] }) };
}

if (process.argv[1] === import.meta.filename) {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const absent = absentFromLock(lock);
  if (absent.length > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(`${absent.length} optional packages added to package-lock.json`);
}
