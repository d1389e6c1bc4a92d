import { EventEmitter } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { STREAM_BEGINS } from '../../overload/admit-requests.js';
import type { Connection } from '../connection.js';

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies such as nginx would otherwise keep events until a buffer is full.
  'x-accel-buffering': 'no',
};
const CLOSED = 3;
/** A reader that does not take the end is cut off. */
const CLOSE_WITHIN_MS = 2_000;
/** A comment, which readers skip. */
const HEARTBEAT = ':\n\n';

/** The answer to one operation as server-sent events (GraphQL over SSE, distinct connections). */
export class EventStream extends EventEmitter<{ close: [] }> implements Connection {
  readonly OPEN = 1;
  private hasBegun = false;
  private end: string | undefined;

  constructor(private readonly response: ServerResponse) {
    super();
    response.once('close', () => this.emit('close'));
  }

  get readyState(): number {
    return this.end === undefined && !this.response.destroyed ? this.OPEN : CLOSED;
  }

  get bufferedAmount(): number {
    return this.response.writableLength;
  }

  /** Sends the head; what has been closed before is ended at once. */
  begin(headers: OutgoingHttpHeaders): void {
    if (this.response.destroyed) return;
    this.hasBegun = true;
    this.response.writeHead(200, { ...headers, ...HEADERS });
    this.response.emit(STREAM_BEGINS);
    this.response.write(HEARTBEAT);
    if (this.end !== undefined) this.finish(this.end);
  }

  /** Shows proxies and clients that the stream is alive; whoever has not taken what was sent before gets no more. */
  beat(): void {
    if (this.readyState === this.OPEN && this.bufferedAmount === 0) this.response.write(HEARTBEAT);
  }

  send(data: string, done: () => void): void {
    this.response.write(data, done);
  }

  /** Ends the stream without `complete`, by which clients know that they may come back; a comment says why to who looks. */
  close(code: number, reason: string): void {
    this.endWith(`: ${code} ${reason}\n\n`);
  }

  complete(): void {
    this.endWith(frame('complete', ''));
  }

  private endWith(text: string): void {
    if (this.readyState !== this.OPEN) return;
    this.end = text;
    if (this.hasBegun) this.finish(text);
  }

  private finish(text: string): void {
    const timer = setTimeout(() => this.response.destroy(), CLOSE_WITHIN_MS);
    this.once('close', () => clearTimeout(timer));
    this.response.end(text);
  }
}

/** An event as the protocol has it. */
export const frame = (event: 'next' | 'complete', data: string): string => `event: ${event}\ndata: ${data}\n\n`;
