import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readServiceMap } from '../service-map.mjs';

describe('The reader of the code', () => {
  const folder = mkdtempSync(join(tmpdir(), 'permissions-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (source: string) => {
    const files = {
      'libs/contracts/shop/src/shop.rpc.ts': `export const shopRpc = { buy: command('shop.buy', io), look: query('shop.look', io) };`,
      'libs/contracts/shop/src/shop.events.ts': `export const shopEvent = { sold: event('shop.sold', z.object({})) };`,
      'libs/contracts/news/src/news.events.ts': `export const newsEvent = { sold: reported(shopEvent.sold, show) } satisfies News;`,
      'apps/till/src/service.ts': `export const service = {};`,
      'apps/till/src/till.ts': source,
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return readServiceMap(folder).till!;
  };

  it('tells a call, an event that is consumed and one that is heard from a mere type', () => {
    const found = read(`
      import { shopEvent as event, shopRpc } from '@fowergram/contracts-shop';
      type Bought = Input<typeof shopRpc.buy>;
      class Till { @On(event.sold) sold() {} look() { return this.bus.call(shopRpc.look, {}); } }`);
    expect(found).toMatchObject({ calls: ['shop.look'], consumes: ['shop.sold'], hears: [], publishes: [] });
    const hears = read(
      `import { shopEvent } from '@fowergram/contracts-shop'; bus.onBroadcast(shopEvent.sold, () => {});`,
    );
    expect(hears).toMatchObject({ calls: [], consumes: [], hears: ['shop.sold'] });
  });

  it('tells an event that is read in the log from one that is heard', () => {
    const found = read(
      `import { shopEvent } from '@fowergram/contracts-shop'; const views = [logged(shopEvent.sold, () => ({}))];`,
    );
    expect(found).toMatchObject({ reads: ['shop.sold'], hears: [], consumes: [] });
  });

  it('finds what a list has for readers of the log where the list is used as a whole', () => {
    const found = read(
      `import { newsEvent } from '@fowergram/contracts-news'; const views = Object.values(newsEvent).map(view);`,
    );
    expect(found).toMatchObject({ reads: ['shop.sold'], hears: [], consumes: [], publishes: [] });
  });

  it.each([
    ['as a whole', `import { shopRpc } from '@fowergram/contracts-shop'; call(shopRpc);`],
    ['by a name that is computed', `import { shopRpc } from '@fowergram/contracts-shop'; call(shopRpc[name]);`],
    ['by *', `import * as shop from '@fowergram/contracts-shop'; call(shop.shopRpc.buy);`],
  ])('refuses contracts that are used %s', (_how, source) => {
    expect(() => read(source)).toThrow(/permissions are derived/);
  });
});
