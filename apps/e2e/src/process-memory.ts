import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { WebSocket } from 'ws';
import { residentMb } from '../../../tools/bench/src/proc.js';

const COLLECT = { method: 'HeapProfiler.collectGarbage' };
const ASK = {
  method: 'Runtime.evaluate',
  params: { expression: 'JSON.stringify(process.memoryUsage())' },
};

/** What a process holds when its garbage is gone. */
export interface HeldMemory {
  /** Objects and buffers. */
  heldBytes: number;
  residentMb: number;
}

/** Looks at the memory of a process that listens to an inspector on that port. */
export async function heldMemory(pid: number, inspectorPort: number): Promise<HeldMemory> {
  const list = await fetch(`http://127.0.0.1:${inspectorPort}/json/list`);
  const [target] = (await list.json()) as { webSocketDebuggerUrl: string }[];
  const inspector = new WebSocket(target!.webSocketDebuggerUrl);
  await once(inspector, 'open');
  const ask = async (message: object) => {
    inspector.send(JSON.stringify({ id: 1, ...message }));
    const [answer] = (await once(inspector, 'message')) as [Buffer];
    return JSON.parse(String(answer)) as { result: { result: { value: string } } };
  };
  await ask(COLLECT);
  await ask(COLLECT);
  const { heapUsed, external } = JSON.parse((await ask(ASK)).result.result.value) as NodeJS.MemoryUsage;
  inspector.terminate();
  return { heldBytes: heapUsed + external, residentMb: residentMb(pid) };
}

export interface Footprint extends HeldMemory {
  /** Open files and sockets. */
  descriptors: number;
}

/** What a process holds of the machine. */
export async function footprintOf(pid: number, inspectorPort: number): Promise<Footprint> {
  return { ...(await heldMemory(pid, inspectorPort)), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
