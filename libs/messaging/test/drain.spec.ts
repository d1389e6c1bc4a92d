import { Controller } from '@nestjs/common';
import type { Parsed, Payload } from '@fowergram/contracts-core';
import { eventually, startNats, TcpProxy, type TestNats } from '@fowergram/testing';
import { ACK_WAIT_MS } from '../src/events/streams.js';
import { Handle, On } from '../src/index.js';
import { type Probe, said, say, startProbe } from './probe.js';

const heard = new Set<string>();

@Controller()
class Slow {
  @Handle(say)
  async say({ text }: Parsed<typeof say>): Promise<{ said: string }> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { said: text };
  }

  @On(said)
  async heard({ text }: Payload<typeof said>): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    heard.add(text);
  }
}

describe('two replicas of which one stops', () => {
  let broker: TestNats;
  let staying: Probe;
  let leaving: Probe;

  beforeAll(async () => {
    broker = await startNats();
    [staying, leaving] = await Promise.all([
      startProbe({ controllers: [Slow] }, broker),
      startProbe({ controllers: [Slow] }, broker),
    ]);
  });

  afterAll(async () => {
    await staying?.close();
    await broker?.stop();
  });

  it('answer every request and consume every event', async () => {
    let stopped = false;
    const answers: string[] = [];
    const ask = async (asker: number) => {
      for (let turn = 0; !stopped || turn < 20; turn++) {
        const text = `${asker} ${turn}`;
        answers.push((await staying.messaging.call(say, { text })).said);
        await staying.messaging.publish(said, { text, times: 1 });
      }
    };
    const asking = Promise.all(Array.from({ length: 16 }, (_, asker) => ask(asker)));
    await eventually(() => answers.length > 100);
    await leaving.close();
    stopped = true;
    await asking;
    expect(new Set(answers).size).toBe(answers.length);
    await eventually(() => answers.every((text) => heard.has(text)));
  });

  it('consume at once what was on its way to the one that stops', async () => {
    const line = new TcpProxy();
    const { app, messaging } = await startProbe({ controllers: [Slow] }, { ...broker, url: await line.to(broker.url) });
    await messaging.close();
    line.slow(300);
    const texts = Array.from({ length: 100 }, (_, number) => `late ${number}`);
    await Promise.all(texts.map((text) => staying.messaging.publish(said, { text, times: 1 })));
    const stoppedAt = Date.now();
    await app.close();
    await eventually(() => texts.every((text) => heard.has(text)));
    expect(Date.now() - stoppedAt).toBeLessThan(ACK_WAIT_MS);
    await line.cut();
  });
});
