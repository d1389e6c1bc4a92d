import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';

type Methods = Set<string>;

/** Knows by which methods each address is served, for the answer to any other one (405 with Allow). */
@Injectable()
export class AllowedMethodsService {
  private readonly routes = findMyWay({ ignoreTrailingSlash: true });
  private readonly methods = new Map<string, Methods>();

  /** Listens to what is registered from now on. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, method }) => {
      // Wildcards answer what belongs to no address of its own.
      if (url.includes('*')) return;
      for (const each of [method].flat()) this.methodsAt(url).add(each);
    });
  }

  /** The value of Allow for an address, '' for one that nobody serves; `more` is what is served by no route of ours. */
  of(url: string, more: readonly string[] = []): string {
    const found = this.routes.find('GET', url.split('?', 1)[0]!)?.store as Methods | undefined;
    const all = new Set([...(found ?? []), ...more]);
    return all.size === 0 ? '' : [...all.add('OPTIONS')].sort().join(', ');
  }

  private methodsAt(url: string): Methods {
    const known = this.methods.get(url);
    if (known) return known;
    const methods: Methods = new Set();
    this.methods.set(url, methods);
    this.routes.on('GET', url, () => undefined, methods);
    return methods;
  }
}
