/** What logs, metrics, traces and NATS call this service. */
export const NAME = 'gateway';
