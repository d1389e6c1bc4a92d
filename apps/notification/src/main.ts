import { bootstrap } from '@fowergram/service-kit';

// Imported only when tracing has started, which patches libraries before they are loaded.
await bootstrap('notification', () => import('./service.js'));
