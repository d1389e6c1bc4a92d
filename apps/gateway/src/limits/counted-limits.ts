import { type Bucket, type Limit, limits } from './limits.config.js';
import { type Rate, rateOf } from './levels.rules.js';

/** Whose request it is: of a user or, with its id as userId, of a service account, or of a visitor when that is null; `address` is its key (auth/limits/keys.rules.ts). */
export interface Requester {
  userId: string | null;
  address: string;
}

/** A limit of limits.config.ts as it is counted in this deployment. */
export interface CountedLimit extends Rate {
  bucket: Bucket;
  per: Limit['per'];
  /** As headers, metrics and logs call it, such as likes-hour or uploads-hour-address. */
  name: string;
  /** Its RateLimit-Policy. */
  policy: string;
}

/** The limits of each bucket, all multiplied by the factor of this deployment. */
export class CountedLimits {
  private readonly ofUsers = new Map<Bucket, CountedLimit[]>();
  private readonly ofVisitors = new Map<Bucket, CountedLimit[]>();

  constructor(factor: number) {
    for (const [name, ofBucket] of Object.entries(limits)) {
      const bucket = name as Bucket;
      const counted = ofBucket.map((limit) => countedLimit(bucket, limit, factor));
      this.ofUsers.set(
        bucket,
        counted.filter(({ per }) => per !== 'visitor'),
      );
      this.ofVisitors.set(
        bucket,
        counted.filter(({ per }) => per === 'visitor'),
      );
    }
  }

  /** The names of all limits. */
  names(): string[] {
    return [...this.ofUsers.values(), ...this.ofVisitors.values()].flat().map(({ name }) => name);
  }

  of(bucket: Bucket, { userId }: Requester): CountedLimit[] {
    return (userId === null ? this.ofVisitors : this.ofUsers).get(bucket)!;
  }
}

/** The name of what is counted for this requester. */
export const keyOf = ({ name, per }: CountedLimit, { userId, address }: Requester): string =>
  `${name}:${per === 'user' ? userId : address}`;

/** The name of a limit in headers, metrics, logs and docs/limits.md. */
export function nameOf(bucket: Bucket, { per, seconds }: Limit): string {
  const words = bucket.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const window = { 60: 'minute', 300: '5-minutes', 3_600: 'hour', 86_400: 'day' }[seconds] ?? `${seconds}-seconds`;
  return [words, window, ...(per === 'user' ? [] : [per])].join('-');
}

function countedLimit(bucket: Bucket, limit: Limit, factor: number): CountedLimit {
  const points = Math.max(Math.round(limit.points * factor), 1);
  const name = nameOf(bucket, limit);
  return {
    ...rateOf(points, limit.seconds),
    bucket,
    per: limit.per,
    name,
    policy: `"${name}";q=${points};w=${limit.seconds}`,
  };
}

/** The reason in an error, such as UPLOAD_BYTES. */
export const reasonOf = (bucket: Bucket): string => bucket.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
