import { connect } from 'node:net';

/**
 * Says something to a server and collects its answer until `done` is content. Enough to ask Redis and NATS who they are before
 * any package is installed.
 * @param {{ host: string, port: number, say: string, done: (answer: string) => boolean, withinMs?: number }} options
 * @returns {Promise<string>}
 */
export function converse({ host, port, say, done, withinMs = 3_000 }) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ host, port });
    const finish = (complete, value) => {
      socket.destroy();
      complete(value);
    };
    socket.setTimeout(withinMs, () => finish(reject, new Error(`no answer from ${host}:${port}`)));
    socket.once('error', (error) => finish(reject, error));
    socket.once('close', () => reject(new Error(`${host}:${port} hung up: ${answer.slice(0, 120)}`)));
    socket.once('connect', () => socket.write(say));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
      if (done(answer)) finish(resolve, answer);
    });
  });
}
