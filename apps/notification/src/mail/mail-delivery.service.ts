import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Counter, type Gauge, Registry } from 'prom-client';
import { CoalescingRunner, counter, Every, gauge, type Logger, LOGGER } from '@fowergram/service-kit';
import { partsOf } from './letter.js';
import { isRefusal, retryDelayMs, type SendingFault, type Template } from './mail.rules.js';
import { type ClaimedMail, MailsRepository, type Outcome } from './mails.repository.js';
import { SmtpSender } from './smtp.sender.js';
import { letterOf } from './templates.js';

/** Injects the name that mails speak of the app by. */
export const APP_NAME = Symbol('APP_NAME');

const AT_ONCE = 8;
const POLL_INTERVAL_MS = 1_000;
const PURGE_INTERVAL_MS = 60 * 60_000;
/** How long a stopping process lets mails that are under way arrive. */
const PATIENCE_MS = 5_000;

/** Sends what is due, whoever kept it: a mail that a killed process left behind is sent by the next one. */
@Injectable()
export class MailDeliveryService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly ended: Counter<'template' | 'outcome'>;
  private readonly oldest: Gauge<never>;
  private readonly underWay = new Set<Promise<void>>();
  private readonly giveUp = new AbortController();
  private readonly taking = new CoalescingRunner(
    () => this.take(),
    (error) => this.log.warn({ err: error }, 'no mails taken, will be tried again'),
  );
  private stopping = false;

  constructor(
    private readonly mails: MailsRepository,
    private readonly smtp: SmtpSender,
    @Inject(APP_NAME) private readonly appName: string,
    @Inject(LOGGER) private readonly log: Logger,
    metrics: Registry,
  ) {
    this.ended = counter(
      metrics,
      'mails_sent_total',
      'Tries to send a mail and mails that expired, by template and outcome.',
      ['template', 'outcome'],
    );
    this.oldest = gauge(metrics, 'mail_oldest_unsent_seconds', 'Age of the oldest mail that waits to be sent.');
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.taking.stop();
    const impatience = setTimeout(() => this.giveUp.abort(), PATIENCE_MS);
    await Promise.all(this.underWay);
    clearTimeout(impatience);
    this.smtp.close();
  }

  /** Sends at once what the next poll would send within a second. */
  wake(): void {
    this.taking.trigger();
  }

  @Every(PURGE_INTERVAL_MS, 'purge old mails')
  purge(): Promise<void> {
    return this.mails.purge();
  }

  @Every(POLL_INTERVAL_MS, 'send mails')
  async poll(): Promise<void> {
    for (const template of await this.mails.expire()) this.ended.inc({ template, outcome: 'expired' });
    this.oldest.set(await this.mails.oldestUnsentSeconds());
    this.wake();
  }

  /** Whoever is done triggers again, so a full process needs no further look. */
  private async take(): Promise<void> {
    const free = AT_ONCE - this.underWay.size;
    if (free > 0) for (const mail of await this.mails.claim(free)) this.start(mail);
  }

  private start(mail: ClaimedMail): void {
    const work = this.deliver(mail)
      // The mail is due again when its lease is over.
      .catch((error: unknown) => this.log.warn({ err: error, mailId: mail.id }, 'the outcome of a mail was not noted'))
      .finally(() => {
        this.underWay.delete(work);
        this.wake();
      });
    this.underWay.add(work);
  }

  private async deliver(mail: ClaimedMail): Promise<void> {
    try {
      const letter = letterOf(mail.content, this.appName);
      await this.smtp.send(
        { id: mail.id, to: mail.recipient, subject: letter.subject, ...partsOf(letter, this.appName) },
        this.giveUp.signal,
      );
    } catch (error) {
      return this.failed(mail, error as SendingFault);
    }
    await this.end(mail, 'SENT');
  }

  private async failed(mail: ClaimedMail, { code, command, responseCode, ...fault }: SendingFault): Promise<void> {
    const isOver = isRefusal({ command, responseCode, ...fault });
    this.log.warn(
      {
        mailId: mail.id,
        template: mail.content.template,
        tries: mail.tries,
        fault: { code, command, responseCode },
        isOver,
      },
      'mail not sent',
    );
    if (isOver) return this.end(mail, 'REFUSED');
    this.count(mail.content.template, 'retried');
    await this.mails.postpone(mail, this.stopping ? 0 : retryDelayMs(mail.tries));
  }

  private async end({ id, content }: ClaimedMail, outcome: Outcome): Promise<void> {
    this.count(content.template, outcome.toLowerCase());
    await this.mails.end(id, outcome);
  }

  private count(template: Template, outcome: string): void {
    this.ended.inc({ template, outcome });
  }
}
