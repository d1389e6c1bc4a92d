import { Inject, Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AppError } from '@fowergram/contracts-core';
import { CONFIG, counter, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { CountedLimits, keyOf, reasonOf, type Requester } from './counted-limits.js';
import { type Bucket, bucketNames, REFUSED_DOCUMENT_POINTS, ROOT_FIELD_POINTS } from './limits.config.js';
import { LimitsClock } from './limits-clock.service.js';
import type { OperationPoints } from './operation-points.rules.js';
import { PointsService, type Shortage, type Wanted } from './points.service.js';

/** What was decided of a request: the buckets that were asked, and the error where one had no room. */
export interface Verdict {
  wanted: readonly Wanted[];
  /** The time of it. */
  now: number;
  error?: AppError;
}

/** Decides whether a request is more than the share of its user or address, before anything of it is executed. */
@Injectable()
export class RateLimitsService {
  private readonly limits: CountedLimits;
  private readonly refused;

  constructor(
    private readonly points: PointsService,
    private readonly clock: LimitsClock,
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.limits = new CountedLimits(config.RATE_LIMIT_FACTOR);
    this.refused = counter(metrics, 'rate_limited_total', 'Requests that a request limit refused, by limit.', [
      'limit',
    ]);
    for (const limit of this.limits.names()) this.refused.inc({ limit }, 0);
  }

  /** Tells whether there is anything left to read with: asked before a text is parsed, which is dear. */
  checkReads(requester: Requester): Verdict {
    const wanted = this.wanted('reads', requester, 1);
    return this.verdict(wanted, this.points.shortage(wanted));
  }

  /**
   * Takes the points of an operation. Reads are decided at once, and the last one may overdraw, since the largest operation
   * is most of a small bucket; what changes something waits for the count of all gateways.
   */
  admit(requester: Requester, { reads, writes }: OperationPoints): Verdict | Promise<Verdict> {
    const verdict = this.checkReads(requester);
    if (verdict.error) return verdict;
    return writes.size === 0 ? this.takeReads(requester, reads) : this.admitWrites(requester, reads, writes);
  }

  /** Takes the points of a text that is not executed. */
  chargeRefusedDocument(requester: Requester): void {
    this.takeReads(requester, REFUSED_DOCUMENT_POINTS);
  }

  /** Takes the points of a hash that no text is known for. */
  chargeUnknownDocument(requester: Requester): void {
    this.takeReads(requester, ROOT_FIELD_POINTS);
  }

  /** Takes the points of an event of a subscription: it is sent whatever is left, and what is asked for next is refused. */
  chargeEvent(requester: Requester, reads: number): void {
    this.takeReads(requester, reads);
  }

  /** Takes the points of a request to an endpoint that has no limit of its own. */
  admitRequest(address: string): Verdict {
    const requester = { userId: null, address };
    const verdict = this.checkReads(requester);
    return verdict.error ? verdict : this.takeReads(requester, ROOT_FIELD_POINTS);
  }

  /** Takes the points of a call by gRPC. */
  admitCall(bucket: Bucket, requester: Requester, points: number): Verdict {
    const wanted = this.wanted(bucket, requester, points);
    const shortage = this.points.shortage(wanted);
    if (!shortage) this.points.takeLocally(wanted);
    return this.verdict(wanted, shortage);
  }

  /** Takes a connection: of a visitor's address when a socket opens, of a user once it is known whose it is. */
  admitConnection(requester: Requester): Verdict {
    return this.admitOne('connections', requester);
  }

  /** Tells whether so many bad tokens came from the address that the next one is not even looked at. */
  checkBadTokens(address: string): Verdict {
    const wanted = this.wanted('badTokens', { userId: null, address }, 1);
    return this.verdict(wanted, this.points.shortage(wanted));
  }

  /** Takes a request whose token is over or false, after that is known: who has a good one shares nothing with it. */
  admitBadToken(address: string): Verdict {
    return this.admitOne('badTokens', { userId: null, address });
  }

  private admitOne(bucket: Bucket, requester: Requester): Verdict {
    const wanted = this.wanted(bucket, requester, 1);
    const shortage = this.points.shortage(wanted);
    if (!shortage) this.points.takeLocally(wanted);
    return this.verdict(wanted, shortage);
  }

  private async admitWrites(requester: Requester, reads: number, writes: OperationPoints['writes']): Promise<Verdict> {
    const wanted = [...writes].flatMap(([bucket, points]) => this.wanted(bucket, requester, points));
    const shortage = wanted.length === 0 ? undefined : await this.points.take(wanted);
    if (shortage) return this.verdict(wanted, shortage);
    return this.verdict([...wanted, ...this.takeReads(requester, reads).wanted]);
  }

  private takeReads(requester: Requester, points: number): Verdict {
    const wanted = this.wanted('reads', requester, points);
    this.points.takeLocally(wanted);
    return this.verdict(wanted);
  }

  private wanted(bucket: Bucket, requester: Requester, points: number): Wanted[] {
    if (points === 0) return [];
    return this.limits
      .of(bucket, requester)
      .map((limit) => ({ level: this.points.level(keyOf(limit, requester), limit), points }));
  }

  private verdict(wanted: readonly Wanted[], shortage?: Shortage): Verdict {
    if (!shortage) return { wanted, now: this.clock.now() };
    const { name, bucket } = shortage.level.limit;
    this.refused.inc({ limit: name });
    // The logger writes such a line once a second, however many are refused.
    this.log.warn({ limit: name }, 'request refused by a limit');
    const retryAfterSeconds = Math.ceil(shortage.waitMs / 1_000);
    const error = new AppError('RATE_LIMITED', `Too many ${bucketNames[bucket]}: try again later.`, {
      reason: reasonOf(bucket),
      retryAfterSeconds,
    });
    return { wanted: [{ level: shortage.level, points: 0 }], now: this.clock.now(), error };
  }
}

/** Throws the error of a verdict. */
export function requireAdmission({ error }: Verdict): void {
  if (error) throw error;
}
