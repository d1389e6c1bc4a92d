import { lookup, Resolver } from 'node:dns/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** Looks up the addresses of names. */
@Injectable()
export class WebhookNamesClient {
  // Not what the system does for all: that waits in a few threads, which the names of one slow server would fill.
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'WEBHOOK_TARGETS'>) {}

  /** All addresses of a name; throws when it has none. */
  async addressesOf(name: string): Promise<string[]> {
    // What the machine alone knows, such as localhost, is no name of the internet.
    if (this.config.WEBHOOK_TARGETS === 'any') return (await lookup(name, { all: true })).map(({ address }) => address);
    const [four, six] = await Promise.allSettled([this.resolver.resolve4(name), this.resolver.resolve6(name)]);
    const found = [four, six].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  }
}
