import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Counter, type Gauge, Registry } from 'prom-client';
import type { WebhookStopReason } from '@fowergram/contracts-notification';
import { CoalescingRunner, counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { WebhookSecretsService } from '../api/webhook-secrets.service.js';
import { signedHeaders } from './signatures.rules.js';
import { type CallOutcome, WebhookClient } from './webhook.client.js';
import { type ClaimedDelivery, type Target, WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { bodyOf, MAX_IN_FLIGHT, pauseAfter, REST_MS } from './webhook-delivery.rules.js';

const POLL_INTERVAL_MS = 1_000;
const CHECK_INTERVAL_MS = 60_000;
/** How long a stopping process lets calls that are under way end. */
const DRAIN_TIMEOUT_MS = 5_000;
const GONE = 410;

/**
 * Sends what is due, whoever wrote it down. Each webhook has a few places of its own, and one that fails has a single one, so that no
 * receiver waits for another.
 */
@Injectable()
export class WebhookDeliveryService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly outcomes: Counter<'outcome'>;
  private readonly stops: Counter<'reason'>;
  private readonly oldest: Gauge<never>;
  private readonly inFlight = new Set<Promise<void>>();
  /** How much each webhook is being sent, or rests from. */
  private readonly busy = new Map<string, number>();
  private readonly rests = new Set<NodeJS.Timeout>();
  private readonly drainTimeout = new AbortController();
  private readonly taking = new CoalescingRunner(
    () => this.take(),
    (error) => this.log.warn({ err: error }, 'no deliveries of webhooks taken, will be tried again'),
  );
  private stopping = false;

  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly client: WebhookClient,
    private readonly secrets: WebhookSecretsService,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.outcomes = counter(metrics, 'webhook_deliveries_total', 'Tries to tell a webhook of an event, by outcome.', [
      'outcome',
    ]);
    this.stops = counter(metrics, 'webhooks_stopped_total', 'Webhooks that were stopped by themselves, by reason.', [
      'reason',
    ]);
    this.oldest = gauge(
      metrics,
      'webhook_oldest_due_seconds',
      'How long the oldest delivery is due to a webhook that takes what it is sent.',
    );
  }

  onApplicationBootstrap(): void {
    // The first of its kind is seen, too, where there was a zero before.
    for (const outcome of ['delivered', 'retried', 'given_up']) this.outcomes.inc({ outcome }, 0);
    for (const reason of ['failing', 'gone', 'backlog']) this.stops.inc({ reason }, 0);
    this.trigger();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.taking.stop();
    for (const rest of this.rests) clearTimeout(rest);
    const timer = setTimeout(() => this.drainTimeout.abort(), DRAIN_TIMEOUT_MS);
    await Promise.all(this.inFlight);
    clearTimeout(timer);
    this.client.close();
  }

  /** Sends at once what the next poll would send within a second. */
  trigger(): void {
    this.taking.trigger();
  }

  @Every(POLL_INTERVAL_MS, 'send to webhooks')
  async poll(): Promise<void> {
    this.oldest.set(await this.deliveries.oldestDueSeconds());
    this.trigger();
  }

  @Every(CHECK_INTERVAL_MS, 'stop webhooks for which too much waits')
  async stopOverfull(): Promise<void> {
    const count = await this.deliveries.stopOverfull();
    if (count > 0) this.stops.inc({ reason: 'backlog' }, count);
  }

  /** Whoever is done triggers again, so a full process needs no further look. */
  private async take(): Promise<void> {
    const free = MAX_IN_FLIGHT - this.inFlight.size;
    if (free === 0) return;
    const claimed = await this.deliveries.claim(free, this.busy);
    if (claimed.length === 0) return;
    const targets = await this.deliveries.targets([...new Set(claimed.map(({ webhookId }) => webhookId))]);
    for (const delivery of claimed) {
      const target = targets.get(delivery.webhookId);
      // Of a webhook that was deleted in between nothing is due any more.
      if (target) this.start(delivery, target);
    }
  }

  private start(delivery: ClaimedDelivery, target: Target): void {
    this.occupy(target.id, 1);
    const work = this.deliver(delivery, target)
      // The delivery is due again when its lease is over.
      .catch((error: unknown) => {
        this.log.warn(
          { err: error, deliveryId: delivery.id },
          'a delivery of a webhook came to no end, will be tried again',
        );
        return false;
      })
      .then((isDelivered) => {
        this.inFlight.delete(work);
        if (isDelivered || this.stopping) this.leave(target.id);
        else this.rest(target.id);
      });
    this.inFlight.add(work);
  }

  private occupy(webhookId: string, change: 1 | -1): void {
    const count = (this.busy.get(webhookId) ?? 0) + change;
    if (count === 0) this.busy.delete(webhookId);
    else this.busy.set(webhookId, count);
  }

  private leave(webhookId: string): void {
    this.occupy(webhookId, -1);
    this.trigger();
  }

  private rest(webhookId: string): void {
    const timer = setTimeout(() => {
      this.rests.delete(timer);
      this.leave(webhookId);
    }, REST_MS);
    this.rests.add(timer);
  }

  private async deliver(delivery: ClaimedDelivery, target: Target): Promise<boolean> {
    const body = bodyOf(delivery.event, delivery.happenedAt, delivery.payload);
    const secrets = [target.secret, target.previousSecret].flatMap((secret) =>
      secret ? [this.secrets.decrypt(target.id, secret)] : [],
    );
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = signedHeaders({ id: delivery.eventId, timestamp, body }, secrets);
    const outcome = await this.client.post(target.url, headers, body, this.drainTimeout.signal);
    if (outcome.failure === null) return this.succeeded(delivery, target, outcome);
    if (this.drainTimeout.signal.aborted) await this.deliveries.release(delivery);
    else await this.failed(delivery, outcome);
    return false;
  }

  private async succeeded(delivery: ClaimedDelivery, { id, isFailing }: Target, outcome: CallOutcome): Promise<true> {
    this.outcomes.inc({ outcome: 'delivered' });
    await this.deliveries.note(delivery, outcome, { state: 'DELIVERED' });
    if (isFailing) await this.deliveries.noteSuccess(id);
    return true;
  }

  private async failed(delivery: ClaimedDelivery, outcome: CallOutcome): Promise<void> {
    const { id, webhookId, tries } = delivery;
    const { failure, status } = outcome;
    const pauseMs = pauseAfter(tries);
    this.log.info({ deliveryId: id, webhookId, tries, failure, status }, 'webhook not notified');
    this.outcomes.inc({ outcome: pauseMs === undefined ? 'given_up' : 'retried' });
    await this.deliveries.note(delivery, outcome, pauseMs === undefined ? { state: 'FAILED' } : { pauseMs });
    if (status === GONE) return this.stopped(webhookId, 'GONE', await this.deliveries.stop(webhookId, 'GONE'));
    await this.stopped(webhookId, 'FAILING', await this.deliveries.noteFailure(webhookId));
  }

  private stopped(webhookId: string, reason: WebhookStopReason, isNow: boolean): void {
    if (!isNow) return;
    this.stops.inc({ reason: reason.toLowerCase() });
    this.log.warn({ webhookId, reason }, 'webhook stopped');
  }
}
