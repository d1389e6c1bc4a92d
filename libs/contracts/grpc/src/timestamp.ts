/** google.protobuf.Timestamp. */
export interface TimestampMessage {
  seconds: number;
  nanos: number;
}

/** The message for an instant in milliseconds since 1970. */
export const timestampOf = (ms: number): TimestampMessage => ({
  seconds: Math.floor(ms / 1_000),
  nanos: (ms % 1_000) * 1_000_000,
});
