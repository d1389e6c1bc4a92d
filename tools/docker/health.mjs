// Health check of the image: alive means that the process answers, whatever its stores do.
import { operatorPort } from './service.mjs';

const answer = await fetch(`http://127.0.0.1:${operatorPort}/health/live`, { signal: AbortSignal.timeout(2000) }).catch(
  () => null,
);
process.exit(answer?.ok ? 0 : 1);
