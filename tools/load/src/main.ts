import { writeFileSync } from 'node:fs';
import { FowergramError } from '@fowergram/client';
import { drawPhoto } from '../../../apps/e2e/src/photos.js';
import { randomFrom } from '../../../apps/e2e/src/random.js';
import { ACTIONS, type Action, type Scene } from './actions.js';
import { checkEverything } from './final-checks.js';
import { Known } from './known.js';
import { Listener } from './listener.js';
import { BadOption, type LoadOptions, readOptions } from './options.js';
import { openLoop } from './pace.js';
import { gather, type Actor } from './actors.js';
import { isGood, type LoadReport, makeReport, printed } from './report.js';
import { Tally } from './tally.js';

const MEDIA_TYPE = 'image/jpeg';

interface Surroundings {
  signal: AbortSignal;
  log: (line: string) => void;
}

/** Answers the exit code of `npm run load`: 0 where all was right, 1 where the deployment failed, 2 where it was asked wrongly. */
export async function runLoad(args: string[], { signal, log }: Surroundings): Promise<number> {
  try {
    const options = readOptions(args);
    const report = await load(options, { signal, log });
    console.log(printed(report));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return isGood(report) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BadOption)) throw error;
    console.error(`✗ ${error.message}`);
    return 2;
  }
}

/** Drives the mix at a deployment, and compares its answers with what it has acknowledged. */
export async function load(options: LoadOptions, { signal, log }: Surroundings): Promise<LoadReport> {
  const { url, rate, minutes, seed } = options;
  const random = randomFrom(seed);
  const tally = new Tally(random);
  const isWrong = (what: string) => tally.isWrong(what);
  log(`${options.users} accounts sign up, or in`);
  const actors = await gather(url, options.users, seed);
  const listeners = actors.slice(0, options.listeners).flatMap((actor) => listenersOf(actor, options.devices));
  await Promise.all(listeners.map((listener) => listener.start()));
  const known = new Known();
  const photo = new Blob([new Uint8Array(await drawPhoto({ seed, width: 640, height: 480 }))], { type: MEDIA_TYPE });
  const pick: Scene['pick'] = (items) => items[Math.floor(random() * items.length)];
  const common = { actors, known, pick, photo, isWrong };

  log(`${rate} operations a second for ${minutes} minutes`);
  const startedAt = performance.now();
  const pace = { perSecond: rate, seconds: minutes * 60, random, signal, onDropped: () => (tally.dropped += 1) };
  await openLoop(pace, (dueAt) => act(chosen(random()), { ...common, me: pick(actors)! }, tally, dueAt));
  const seconds = (performance.now() - startedAt) / 1_000;
  try {
    log(`${known.all.length} posts and ${listeners.length} sockets are compared with what was acknowledged`);
    await checkEverything({ actors, known, listeners, isWrong });
  } finally {
    await Promise.all(listeners.map((listener) => listener.end()));
    await Promise.all([...actors, ...listeners.map(({ actor }) => actor)].map(({ client }) => client.close()));
  }
  return makeReport(options, tally, seconds);
}

const listenersOf = (actor: Actor, devices: number): Listener[] =>
  Array.from({ length: devices }, () => new Listener({ ...actor, client: actor.open() }));

async function act({ name, run }: Action, scene: Scene, tally: Tally, dueAt: number): Promise<void> {
  try {
    await run(scene);
    tally.answered(name, performance.now() - dueAt);
  } catch (error) {
    if (!(error instanceof FowergramError)) tally.isWrong(`${name}: ${String(error)}`);
    else tally.failed(name, error.code);
  }
}

/** The action at this place of a hundred. */
function chosen(place: number): Action {
  const total = ACTIONS.reduce((sum, { share }) => sum + share, 0);
  let left = place * total;
  return ACTIONS.find(({ share }) => (left -= share) < 0) ?? ACTIONS[0]!;
}
