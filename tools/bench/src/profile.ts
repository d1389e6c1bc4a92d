import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Network, type ServiceName, serviceNames } from '../../../apps/e2e/src/network.js';
import { type CpuProfile, hottest } from './cpu-profile.js';

const TOP = 15;
const TIMEOUT_MS = 20_000;

/** Looks into chosen services while `work` runs; without a choice it does nothing at all. */
export interface Profiler {
  during(work: () => Promise<unknown>): Promise<void>;
}

export function openProfiler(
  names: readonly string[],
  folder: string,
  network: () => Network,
  log: (line: string) => void,
): Profiler & { extra: Partial<Record<ServiceName, NodeJS.ProcessEnv>> } {
  const chosen = serviceNames.filter((name) => names.includes(name));
  const unknown = names.find((name) => !chosen.includes(name as ServiceName));
  if (unknown) throw new Error(`There is no service "${unknown}" to profile. Services: ${serviceNames.join(' ')}.`);
  const preload = new URL('./profiled.js', import.meta.url).href;
  return {
    extra: Object.fromEntries(
      chosen.map((name) => [
        name,
        { NODE_OPTIONS: `--import ${preload}`, BENCH_PROFILE: join(folder, `${name}.cpuprofile`) },
      ]),
    ),
    async during(work) {
      if (chosen.length === 0) return;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      const toggle = () => chosen.forEach((name) => process.kill(network().services[name].pid!, 'SIGUSR2'));
      toggle();
      await work();
      toggle();
      for (
        const giveUpAt = Date.now() + TIMEOUT_MS;
        chosen.some((name) => !existsSync(join(folder, `${name}.cpuprofile`)));
        await pause(50)
      ) {
        if (Date.now() > giveUpAt) throw new Error(`The profiles did not arrive in ${folder}.`);
      }
      for (const file of readdirSync(folder)) {
        log(`Where ${basename(file, '.cpuprofile')} spends its time (${join(folder, file)})`);
        for (const line of hottest(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile, TOP))
          log(`  ${line}`);
      }
    },
  };
}
