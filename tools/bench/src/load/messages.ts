/** Requests over kept-alive connections: as fast as answers come back, or at a fixed rate whether they come back or not. */
export interface HttpJob {
  kind: 'http';
  port: number;
  connections: number;
  seconds: number;
  /** Requests per second; closed loop without it. */
  rate?: number;
  /** Complete requests, head and body, as they go over the wire. */
  requests: Uint8Array[];
  /** Whether to start again with the first request after the last one; without it the job ends with its requests. */
  cycle: boolean;
  /** The one right status; 200 if left out. */
  status?: number;
  /** The one right body of each request; what differs is counted as wrong. */
  expected?: Uint8Array[];
  /** Returns all bodies, for answers that are checked after the round. */
  keepBodies?: boolean;
}

export interface HttpReport {
  answered: number;
  elapsedMs: number;
  wrong: number;
  /** The first answer that was wrong. */
  wrongSample?: string;
  latencyMs: { p50: number; p99: number; max: number };
  /** Bodies by the number of their request. */
  bodies: { request: number; body: string }[];
  /** True when a job that does not cycle ran out of requests. */
  exhausted: boolean;
}

/** Requests at a fixed rate, each of which makes a frame appear on one of the open sockets. */
export interface LiveJob {
  kind: 'live';
  sockets: SocketSpec[];
  http: HttpJob & { rate: number };
  /** What the frame of each request carries, by the number of the request. */
  keys: string[];
  /** How long to wait for frames after the last request. */
  timeoutMs: number;
}

export type SocketSpec =
  { kind: 'graphql'; url: string; token: string; query: string } | { kind: 'plain'; url: string };

export interface LiveReport extends HttpReport {
  frames: number;
  /** Requests answered whose frame never came. */
  missing: string[];
  /** Frames that came twice or that nobody caused. */
  surplus: number;
  frameMs: { p50: number; p99: number; max: number };
}

/** Tokens that are validated by gRPC, one after the other by each caller. */
export interface GrpcJob {
  kind: 'grpc';
  port: number;
  /** Of a service account. */
  key: string;
  /** Each with the user whose token it is. */
  tokens: { token: string; userId: string }[];
  callers: number;
  seconds: number;
}

export type Job = HttpJob | LiveJob | GrpcJob;
export type ReportOf<J extends Job> = J extends LiveJob ? LiveReport : HttpReport;
