import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends lines as they are, which need not be HTTP, and reads what comes back until the connection is closed. */
export async function sendRaw(url: string, lines: string[], body = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  socket.on('error', () => undefined);
  socket.write([...lines, '', body].join('\r\n'));
  await once(socket, 'close');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...fields] = head.split('\r\n');
  const pairs = fields.map((field) => field.split(/: ?(.*)/s).slice(0, 2) as [string, string]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])),
    body: rest.join('\r\n\r\n'),
  };
}

/** A request of one client on a connection of its own. */
export function send(
  url: string,
  request: { method?: string; path: string; headers?: Record<string, string>; body?: string },
): Promise<RawAnswer> {
  const { method = 'GET', path, headers = {}, body = '' } = request;
  const all = {
    host: new URL(url).host,
    connection: 'close',
    ...(body && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const fields = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return sendRaw(url, [`${method} ${path} HTTP/1.1`, ...fields], body);
}
