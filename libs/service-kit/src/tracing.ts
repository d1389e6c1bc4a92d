import type { CommonConfig } from './config.js';

/** Starts trace export when an OTLP endpoint is configured; without one the tracing API is a no-op and its SDK is never loaded. */
export async function startTracing(service: string, config: CommonConfig): Promise<() => Promise<void>> {
  if (!config.OTEL_EXPORTER_OTLP_ENDPOINT) return async () => undefined;
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: new URL('/v1/traces', config.OTEL_EXPORTER_OTLP_ENDPOINT).href }),
  });
  sdk.start();
  return () => sdk.shutdown();
}
