import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What offers another protocol on this connection, and is no part of the request itself. */
const OF_THE_OFFER = new Set(['upgrade', 'http2-settings']);

/** True for the only offer that is taken up. Java's HttpClient and curl offer h2c with their requests, and a server may ignore that. */
export const asksForWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Answers a request as if it had offered nothing. Node takes each one with an offer off HTTP as soon as anybody listens for upgrades
 * (a callback that decides came with Node 24.9), so its text is put back in front of the connection, which then begins anew.
 */
export function serveWithoutUpgrade(server: Server, request: IncomingMessage, stream: Duplex, head: Buffer): void {
  // Answers of the same connection that are not sent yet would never be, or be mixed up with this one.
  if (isAnswering(stream)) return void stream.destroy();
  const start = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
  const text = [start, ...fieldsOf(request), '', ''].join('\r\n');
  stream.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]));
  server.emit('connection', stream);
}

function fieldsOf({ rawHeaders }: IncomingMessage): string[] {
  const fields: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index]!, rawHeaders[index + 1]!];
    const lower = name.toLowerCase();
    if (OF_THE_OFFER.has(lower)) continue;
    fields.push(`${name}: ${lower === 'connection' ? withoutOffer(value) : value}`);
  }
  return fields;
}

const withoutOffer = (connection: string): string =>
  connection
    .split(',')
    .map((option) => option.trim())
    .filter((option) => !OF_THE_OFFER.has(option.toLowerCase()))
    .join(', ');

/** Node's name for the response that a connection is busy with. */
const isAnswering = (stream: Duplex): boolean => !!(stream as { _httpMessage?: unknown })._httpMessage;
