import { Injectable } from '@nestjs/common';
import { AppError, notFound, type Output, type Parsed } from '@fowergram/contracts-core';
import type { mediaOperatorRpc } from '@fowergram/contracts-media';
import { OutboxAdministration } from '@fowergram/outbox';
import { ProcessingQueue } from '../processing/processing.queue.js';
import { ProcessingRepository } from '../processing/processing.repository.js';

/** What operators see of this service and do in it, by the command `fowergram` (docs/on-call.md). */
@Injectable()
export class OperatorService {
  constructor(
    private readonly outbox: OutboxAdministration,
    private readonly queue: ProcessingQueue,
    private readonly media: ProcessingRepository,
  ) {}

  async state(): Promise<Output<typeof mediaOperatorRpc.state>> {
    // Without Redis nobody knows what waits there, and the rest is all the more worth knowing.
    const queues = await Promise.all([this.queue.state()]).catch(() => null);
    return { outbox: await this.outbox.state(), queues };
  }

  published({
    since,
    until,
  }: Parsed<(typeof mediaOperatorRpc)['published']>): Promise<Output<(typeof mediaOperatorRpc)['published']>> {
    return this.outbox.published(new Date(since), new Date(until));
  }

  async republishSpan({
    since,
    until,
  }: Parsed<(typeof mediaOperatorRpc)['republishSpan']>): Promise<Output<(typeof mediaOperatorRpc)['republishSpan']>> {
    return { events: await this.outbox.republishSpan(new Date(since), new Date(until)) };
  }

  republish(eventId: string): Promise<Record<string, never>> {
    return this.outbox.republish(eventId);
  }

  async process(mediaId: string): Promise<Record<string, never>> {
    if (!(await this.media.restart(mediaId))) throw notFound('media that is to be processed', ['mediaId']);
    if (!(await this.queue.add([mediaId]))) throw new AppError('UNAVAILABLE', 'Redis does not answer.');
    return {};
  }
}
