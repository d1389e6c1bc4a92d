import { type Report, reportRpc } from '@fowergram/contracts-user';
import { Batch } from '../api/context/batch.js';
import type { LoaderFactories } from '../api/context/lazy-loaders.js';

declare module '../api/context/loaders.js' {
  interface Loaders {
    /** Those that the viewer may see; only for a signed-in viewer. */
    reports: Batch<Report>;
  }
}

export const reportLoaders: LoaderFactories<'reports'> = {
  reports: (context) =>
    new Batch({
      max: 100,
      idOf: (report) => report.id,
      fetch: (ids) => context.ask(reportRpc.byIds, { viewerId: context.signedIn(), ids }),
    }),
};
