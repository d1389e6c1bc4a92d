// Starts the service of this container. Node is process 1 here, and the kernel drops SIGTERM for a process 1 that has
// no handler: until the service has put up its own, which drains, leaving at once is right, since nothing is in flight.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { service } from './service.mjs';

const leave = () => process.exit(143);
process.on('SIGTERM', leave);
process.on('SIGINT', leave);

const main = join(import.meta.dirname, '../../dist/apps', service, 'src/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);

process.off('SIGTERM', leave);
process.off('SIGINT', leave);
