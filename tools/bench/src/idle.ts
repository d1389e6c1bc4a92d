import { setTimeout as pause } from 'node:timers/promises';
import { type Network, serviceNames } from '../../../apps/e2e/src/network.js';
import { serviceMemory } from './bench-network.js';
import { type Figure, figure } from './results.js';

const SETTLE_MS = 3_000;

/** Memory of the services before anybody has asked them anything, and how long they took to boot side by side. */
export async function idleFigures(network: Network): Promise<Figure[]> {
  await pause(SETTLE_MS);
  const memory = serviceMemory(network);
  const total = Object.values(memory).reduce((sum, each) => sum + each, 0);
  return [
    ...serviceNames.map((name) =>
      figure({ row: 'idle', name: `memory.${name}`, label: `memory of ${name}`, unit: 'MB', ours: [memory[name]] }),
    ),
    figure({
      row: 'idle',
      name: 'memory',
      label: 'memory of the five services',
      unit: 'MB',
      ours: [total],
      goals: [{ kind: 'floor', of: 'ours', atMost: 900 }],
    }),
    ...serviceNames.map((name) =>
      figure({
        row: 'idle',
        name: `boot-together.${name}`,
        label: `boot of ${name}, all five at once`,
        unit: 's',
        ours: [network.services[name].bootMs / 1_000],
      }),
    ),
  ];
}

/** How long each service takes to boot while the others are there and rest. Their pids are new ones afterwards. */
export async function bootFigures(network: Network): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of serviceNames) {
    const service = network.services[name];
    await service.restart();
    figures.push(
      figure({
        row: 'idle',
        name: `boot.${name}`,
        label: `boot of ${name}`,
        unit: 's',
        ours: [service.bootMs / 1_000],
        goals: [{ kind: 'floor', of: 'ours', atMost: 3 }],
      }),
    );
  }
  return figures;
}
