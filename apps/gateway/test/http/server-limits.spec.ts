import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { SERVER_LIMITS } from '../../src/http/server-options.js';
import { sendRaw } from '../support/raw-request.js';
import { openWorld, type World } from '../support/world.js';

describe('the HTTP server of a gateway', () => {
  let world: World;
  let server: Server;

  beforeAll(async () => {
    world = await openWorld();
    server = world.app.getHttpServer() as Server;
  });
  afterAll(() => world?.close());

  it('has an end for slow headers, slow requests, idle connections and their number', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, maxConnections }).toEqual({
      headersTimeout: SERVER_LIMITS.headersTimeoutMs,
      requestTimeout: SERVER_LIMITS.requestTimeoutMs,
      keepAliveTimeout: SERVER_LIMITS.keepAliveTimeoutMs,
      maxConnections: SERVER_LIMITS.connections,
    });
  });

  it('hangs up on a connection too many, and takes the next one when there is room', async () => {
    const ask = () => sendRaw(world.url, ['GET /nowhere HTTP/1.1', 'host: gateway', 'connection: close']);
    const held = connect(Number(new URL(world.url).port), '127.0.0.1');
    await once(held, 'connect');
    server.maxConnections = 1;
    expect((await ask()).status).toBeNaN();
    server.maxConnections = SERVER_LIMITS.connections;
    expect((await ask()).status).toBe(404);
    held.destroy();
  });
});

describe('docs/limits.md', () => {
  it('has every bound of the HTTP server', () => {
    const section = readFileSync('docs/limits.md', 'utf8').split('## The HTTP server')[1]!.split('\n## ')[0]!;
    const rows = section.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm);
    const documented = Object.fromEntries(
      [...rows].map(([, name, value]) => [name, Number(value!.replaceAll(',', ''))]),
    );
    expect(documented).toEqual(SERVER_LIMITS);
  });
});
