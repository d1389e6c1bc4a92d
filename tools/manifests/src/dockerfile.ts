import { builtinModules } from 'node:module';
import { imageViolations } from './images.js';

/** What dockerfilelint does not look at: pins, the user, and that the development core stays out. */
export function dockerfileViolations(text: string, ignore: string): string[] {
  const lines = text.replace(/\\\n/g, ' ').split('\n');
  const runtime = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const has = (pattern: RegExp) => runtime.some((line) => pattern.test(line));
  return [
    ...lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []).flatMap((image) => imageViolations(image, '')),
    ...(has(/^USER [1-9]\d*:[1-9]\d*$/) ? [] : ['the runtime image does not run as a numbered user other than root']),
    ...(has(/^CMD \["node", /) ? [] : ['CMD is not in exec form: signals would go to a shell']),
    ...(has(/^HEALTHCHECK .*CMD \["node", /) ? [] : ['there is no health check']),
    ...(has(/^ARG SERVICE\b/) && has(/^ENV SERVICE=\$\{SERVICE\}$/) ? [] : ['the service cannot be chosen']),
    ...(has(/^COPY .*\btools(\/(auth-core|stack))?\/? /) ? ['development tools are in the runtime image'] : []),
    ...(ignore.split('\n').includes('tools/auth-core') ? [] : ['tools/auth-core is sent to the build']),
    ...(ignore.split('\n').includes('**/.env') ? [] : ['.env is sent to the build']),
  ];
}

/** Packages that a source imports and that are no part of Node; types vanish in the build. */
export function packagesOf(source: string): string[] {
  const code = source.replace(/^(import|export) type .*$/gm, '');
  return [...code.matchAll(/(?:\bfrom |\bimport |\bimport\(|\.resolve\()'([@a-z][^']*)'/g)]
    .map(([, name]) =>
      name!
        .split('/')
        .slice(0, name!.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => !name.startsWith('node:') && !name.startsWith('@fowergram/') && !builtinModules.includes(name));
}
