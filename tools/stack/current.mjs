import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { readJson, root } from './files.mjs';
import { isAlive } from './identity.mjs';

export const developmentData = join(root, '.data', 'stack');

/** The stack that `npm start` runs in this checkout at the moment, for commands that want to talk to it. */
export function currentStack(dataDir = developmentData) {
  const state = readJson(join(dataDir, 'running.json'));
  const stored = readJson(join(dataDir, 'credentials.json'));
  if (!stored || !state || !isAlive(state.owner))
    throw new StackError('No stack is running in this checkout.', 'Start it first, in another terminal: npm start');
  return { adminUrl: state.adminUrl, passwords: stored.roles, state };
}
