import { once } from 'node:events';
import type { Socket } from 'node:net';
import pg from 'pg';

const CHUNK_ROWS = 500;

/** What `pg` gives to a query of its protocol, as far as COPY needs it. */
interface CopyConnection {
  stream: Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  sendCopyFail(message: string): void;
  endCopyFrom(): void;
}

/** Writes rows, each a line of the text format of COPY, into a table; answers how many. */
export async function copyRows(client: pg.Client, target: string, lines: Iterable<string>): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(`copy ${target} from stdin`, lines, resolve, reject) as unknown as pg.Submittable);
  });
}

class CopyIn {
  private rows = 0;
  private failure: Error | undefined;

  constructor(
    private readonly text: string,
    private readonly lines: Iterable<string>,
    private readonly resolve: (rows: number) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.send(connection).catch((error: Error) => {
      this.failure ??= error;
      connection.sendCopyFail(error.message);
    });
  }

  handleCommandComplete(): void {}

  /** After an error, the driver tells us no more. */
  handleError(error: Error): void {
    this.failure ??= error;
    this.reject(this.failure);
  }

  handleReadyForQuery(): void {
    this.resolve(this.rows);
  }

  /** A server that is slower than we are is waited for, so that memory holds a chunk and never a table. */
  private async send(connection: CopyConnection): Promise<void> {
    let chunk: string[] = [];
    const flush = async () => {
      connection.sendCopyFromChunk(Buffer.from(`${chunk.join('\n')}\n`));
      this.rows += chunk.length;
      chunk = [];
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    };
    for (const line of this.lines) {
      if (this.failure) return;
      chunk.push(line);
      if (chunk.length === CHUNK_ROWS) await flush();
    }
    if (chunk.length > 0) await flush();
    connection.endCopyFrom();
  }
}
