/**
 * Starts trace export when an OTLP endpoint is configured; without one the tracing API is a no-op and its SDK is never
 * loaded. Call it before the libraries that it traces are imported.
 */
export async function startTracing(service: string, env: NodeJS.ProcessEnv): Promise<() => Promise<void>> {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  // The configuration reports an address that is none.
  if (!endpoint || !URL.canParse(endpoint)) return async () => undefined;
  const [{ core, NodeSDK }, { OTLPTraceExporter }, { instrumentations, patchLibraries }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('./instrumentations.js'),
  ]);
  const sdk = new NodeSDK({
    serviceName: service,
    traceExporter: new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href }),
    // Only the trace is continued: a client's baggage would be stored with every event.
    textMapPropagator: new core.W3CTraceContextPropagator(),
    instrumentations: instrumentations(),
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  patchLibraries();
  return () => sdk.shutdown();
}
