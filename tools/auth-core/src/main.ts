import { readConfig } from './config.js';
import { buildServer } from './server.js';

/** What is under way may end; whoever never finishes a request does not keep the program alive. */
const GRACE_MS = 3000;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const server = await buildServer(config);
  const stop = () => {
    setTimeout(() => server.server.closeAllConnections(), GRACE_MS).unref();
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const address = await server.listen({ host: config.host, port: config.port });
  console.log(`auth-core (development stand-in for the SuperTokens core) listens on ${address}`);
}

start().catch((error: NodeJS.ErrnoException) => {
  // A refused connection to "localhost" is an error of several addresses, with a code and no words.
  const reason = error.message || error.code || 'unknown reason';
  console.error(reason.startsWith('auth-core') ? reason : `auth-core cannot start: ${reason}`);
  process.exit(1);
});
