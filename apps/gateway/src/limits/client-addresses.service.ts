import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { all, compile } from '@fastify/proxy-addr';
import { CONFIG } from '@fowergram/service-kit';
import { addressKey } from '../auth/limits/keys.rules.js';
import type { Config } from '../config.js';

/** Tells where an upgrade to a WebSocket comes from, as Fastify tells it for a request. */
@Injectable()
export class ClientAddressesService {
  private readonly isTrusted;

  constructor(@Inject(CONFIG) { TRUSTED_PROXIES = [] }: Config) {
    this.isTrusted = compile(TRUSTED_PROXIES);
  }

  /** The key of the address: that of the connection, or what proxies tell as far as they are trusted; an IPv6 address is its /64. */
  keyOf(request: IncomingMessage): string {
    const ips = all(request, this.isTrusted).map((address) => address ?? '');
    return addressKey({ ip: ips[0]!, ips });
  }
}
