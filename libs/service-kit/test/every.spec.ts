import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { eventually } from '@fowergram/testing';
import { type CommonConfig, Every, ServiceKitModule } from '../src/index.js';

const config: CommonConfig = {
  APP_NAME: 'Fowergram',
  APP_VERSION: '0.1.0',
  ENVIRONMENT: 'test',
  LOG_LEVEL: 'silent',
  OPERATOR_PORT: 0,
};

@Injectable()
class Probe {
  runs = 0;
  failures = 0;
  underWay = 0;
  mostAtOnce = 0;
  isAborted = false;
  release: () => void = () => undefined;

  @Every(1, 'run beside nothing')
  async run(signal?: AbortSignal): Promise<void> {
    this.runs++;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.underWay);
    await new Promise<void>((resolve) => (this.release = resolve));
    this.underWay--;
    this.isAborted = signal?.aborted ?? false;
  }

  @Every(1, 'fail at once')
  fail(): void {
    this.failures++;
    throw new Error('not yet');
  }
}

@Module({ providers: [Probe, { provide: 'alias', useExisting: Probe }], exports: [Probe] })
class ProbeModule {}

describe('a method that is called every millisecond', () => {
  let module: TestingModule;
  let probe: Probe;

  beforeEach(async () => {
    module = await Test.createTestingModule({
      imports: [ServiceKitModule.with('probe', config), ProbeModule],
    }).compile();
    await module.init();
    probe = module.get(Probe);
  });

  afterEach(async () => {
    probe.release();
    await module.close();
  });

  it('never runs beside itself', async () => {
    await eventually(() => expect(probe.failures).toBeGreaterThan(5));
    expect(probe).toMatchObject({ runs: 1, mostAtOnce: 1 });
    probe.release();
    await eventually(() => expect(probe.runs).toBe(2));
    expect(probe.mostAtOnce).toBe(1);
  });

  it('is called again after it has failed', async () => {
    await eventually(() => expect(probe.failures).toBeGreaterThan(2));
  });

  it('ends the run under way and is not called any more once the service stops', async () => {
    await eventually(() => expect(probe.runs).toBe(1));
    let isClosed = false;
    const closing = module.close().then(() => (isClosed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    probe.release();
    await closing;
    expect(probe).toMatchObject({ runs: 1, underWay: 0, isAborted: true });
  });

  it('can be called directly', async () => {
    const other = new Probe();
    const run = other.run();
    other.release();
    await run;
    expect(other.runs).toBe(1);
  });
});
