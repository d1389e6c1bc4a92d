import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { root } from './files.mjs';
import { findMinio } from './object-store.mjs';
import { onPath } from './programs.mjs';

/** The last state of the archived repository, as Go names it (its releases cannot be fetched by their names); pinned, so that two builds are the same program. */
export const minioVersion = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/**
 * A real MinIO for CI, built from source with Go, for the media suite to run against as well. It takes minutes and about a
 * gigabyte of disk, so nothing but CI asks for it.
 * @param {{ into?: string, log?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options]
 * @returns {string} the path of the program
 */
export function buildMinio({ into = join(root, '.data', 'bin'), log = console.log, env = process.env } = {}) {
  const built = join(into, 'minio');
  if (existsSync(built) && findMinio({ ...env, PATH: into })) return built;
  if (!onPath('go', env))
    throw new StackError(
      'Building MinIO needs Go, which is not on the PATH.',
      'Install Go, or run without: the tests then use the stand-in store.',
    );
  mkdirSync(into, { recursive: true });
  log(`building MinIO ${minioVersion} with go install (this takes minutes)`);
  const { status, stderr } = spawnSync('go', ['install', `github.com/minio/minio@${minioVersion}`], {
    env: { ...env, GOBIN: into, CGO_ENABLED: '0' },
    encoding: 'utf8',
    timeout: 30 * 60_000,
  });
  if (status !== 0)
    throw new StackError(`go install of MinIO failed:\n${(stderr ?? '').trim().split('\n').slice(-8).join('\n')}`);
  return built;
}

if (process.argv[1] === import.meta.filename) console.log(buildMinio());
