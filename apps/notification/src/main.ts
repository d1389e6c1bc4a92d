import { bootstrap } from '@fowergram/service-kit';
import { NAME } from './name.js';

// Imported only when tracing has started, which patches libraries before they are loaded.
await bootstrap(NAME, () => import('./service.js'));
