import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Counter, type Gauge, Registry } from 'prom-client';
import { MailContent } from '@fowergram/contracts-notification';
import { CoalescingRunner, CONFIG, counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import type { Config } from '../config.js';
import { isPermanentFailure, retryDelayMs, type SendingFailure, type Template } from './mail.rules.js';
import { type ClaimedMail, MailsRepository, type Outcome } from './mails.repository.js';
import { messageOf } from './mail-templates.rules.js';
import { renderEmail } from './rendered-email.rules.js';
import { SmtpClient } from './smtp.client.js';

const MAX_IN_FLIGHT = 8;
const OUTCOMES = ['sent', 'retried', 'refused', 'expired'];
const POLL_INTERVAL_MS = 1_000;
const PURGE_INTERVAL_MS = 60 * 60_000;
/** How long a stopping process lets mails that are under way arrive. */
const DRAIN_TIMEOUT_MS = 5_000;

/** Sends what is due, whoever stored it: a mail that a killed process left behind is sent by the next one. */
@Injectable()
export class MailDeliveryService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly outcomes: Counter<'template' | 'outcome'>;
  private readonly oldest: Gauge<never>;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly drainTimeout = new AbortController();
  private readonly taking = new CoalescingRunner(
    () => this.take(),
    (error) => this.log.warn({ err: error }, 'no mails taken, will be tried again'),
  );
  private stopping = false;

  constructor(
    private readonly mails: MailsRepository,
    private readonly smtp: SmtpClient,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.outcomes = counter(
      metrics,
      'mails_sent_total',
      'Tries to send a mail and mails that expired, by template and outcome.',
      ['template', 'outcome'],
    );
    for (const { shape } of MailContent.options)
      for (const outcome of OUTCOMES) this.outcomes.inc({ template: shape.template.value, outcome }, 0);
    this.oldest = gauge(metrics, 'mail_oldest_unsent_seconds', 'Age of the oldest mail that waits to be sent.');
  }

  onApplicationBootstrap(): void {
    this.trigger();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.taking.stop();
    const timer = setTimeout(() => this.drainTimeout.abort(), DRAIN_TIMEOUT_MS);
    await Promise.all(this.inFlight);
    clearTimeout(timer);
    this.smtp.close();
  }

  /** Sends at once what the next poll would send within a second. */
  trigger(): void {
    this.taking.trigger();
  }

  @Every(PURGE_INTERVAL_MS, 'purge old mails')
  purge(): Promise<void> {
    return this.mails.purge();
  }

  @Every(POLL_INTERVAL_MS, 'send mails')
  async poll(): Promise<void> {
    for (const template of await this.mails.expire()) this.outcomes.inc({ template, outcome: 'expired' });
    this.oldest.set(await this.mails.oldestUnsentSeconds());
    this.trigger();
  }

  /** Whoever is done triggers again, so a full process needs no further look. */
  private async take(): Promise<void> {
    const free = MAX_IN_FLIGHT - this.inFlight.size;
    if (free > 0) for (const mail of await this.mails.claim(free)) this.start(mail);
  }

  private start(mail: ClaimedMail): void {
    const work = this.deliver(mail)
      // The mail is due again when its lease is over.
      .catch((error: unknown) => this.log.warn({ err: error, mailId: mail.id }, 'the outcome of a mail was not stored'))
      .finally(() => {
        this.inFlight.delete(work);
        this.trigger();
      });
    this.inFlight.add(work);
  }

  private async deliver(mail: ClaimedMail): Promise<void> {
    try {
      const message = messageOf(mail.content, this.config.APP_NAME);
      await this.smtp.send(
        { id: mail.id, to: mail.recipient, subject: message.subject, ...renderEmail(message, this.config.APP_NAME) },
        this.drainTimeout.signal,
      );
    } catch (error) {
      return this.failed(mail, error as SendingFailure);
    }
    await this.end(mail, 'SENT');
  }

  private async failed(mail: ClaimedMail, { code, command, responseCode, ...rest }: SendingFailure): Promise<void> {
    const isPermanent = isPermanentFailure({ command, responseCode, ...rest });
    this.log.warn(
      {
        mailId: mail.id,
        template: mail.content.template,
        tries: mail.tries,
        failure: { code, command, responseCode },
        isPermanent,
      },
      'mail not sent',
    );
    if (isPermanent) return this.end(mail, 'REFUSED');
    this.count(mail.content.template, 'retried');
    await this.mails.postpone(mail, this.stopping ? 0 : retryDelayMs(mail.tries));
  }

  private async end({ id, content }: ClaimedMail, outcome: Outcome): Promise<void> {
    this.count(content.template, outcome.toLowerCase());
    await this.mails.end(id, outcome);
  }

  private count(template: Template, outcome: string): void {
    this.outcomes.inc({ template, outcome });
  }
}
