import { bootstrap } from '@fowergram/service-kit';
import { service } from './service.js';

await bootstrap(service);
