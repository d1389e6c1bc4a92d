// The load generator, in a process of its own so that its CPU can be separated from everybody else's.
import { serveParent } from '../serve-parent.js';
import { grpcLoad } from './grpc-load.js';
import { httpLoad } from './http-load.js';
import { liveLoad } from './live-load.js';
import type { Job } from './messages.js';

serveParent((job: Job) => {
  if (job.kind === 'live') return liveLoad(job);
  return job.kind === 'grpc' ? grpcLoad(job) : httpLoad(job);
});
