import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { eventually } from './eventually.js';

export interface ReceivedMail {
  /** The address that the mail was delivered to, whatever its headers say. */
  to: string;
  from: string;
  subject: string;
  messageId: string;
  text: string;
  html: string;
  /** Every link of the text part, in its order. */
  links: string[];
  /** By lower-case name. */
  headers: Record<string, string>;
}

/** Starts a real SMTP server for one test file, on a free port of loopback or on the one that another had. */
export async function startMailServer({ port = 0 }: { port?: number } = {}): Promise<TestMailServer> {
  const server = new TestMailServer();
  await server.listen(port);
  return server;
}

/** Accepts every mail, unless a test says otherwise. */
export class TestMailServer {
  private readonly accepted: ReceivedMail[] = [];
  private readonly handedOut = new Set<ReceivedMail>();
  private readonly attempts: string[] = [];
  private readonly errorCodes = new Map<string | undefined, number>();
  private readonly stalled = new Set<string>();
  private readonly waiting: (() => void)[] = [];
  private listensOn = 0;
  private readonly server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onRcptTo: ({ address }, _session, answer) => void this.admit(address).then(() => answer(), answer),
    onData: (stream, { envelope }, answer) =>
      void this.receive(
        stream,
        envelope.rcptTo.map(({ address }) => address),
      ).then(() => answer(), answer),
  });

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      // Also called for a client that goes away in the middle, which some tests are about.
      this.server.on('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.listensOn = (this.server.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  /** The SMTP_URL of this server. */
  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return this.listensOn;
  }

  /** Everything that was accepted, in the order of arrival. */
  mails(): ReceivedMail[] {
    return [...this.accepted];
  }

  /** Waits for a mail to this address and hands it out: the next call waits for the next one. */
  mailTo(address: string, { subject = '' }: { subject?: string | RegExp } = {}): Promise<ReceivedMail> {
    return eventually(() => {
      const mail = this.accepted.find(
        (one) => one.to === address && !this.handedOut.has(one) && one.subject.match(subject),
      );
      if (!mail)
        throw new Error(`No further mail to ${address} about "${subject}" arrived. There are: ${this.summary()}`);
      this.handedOut.add(mail);
      return mail;
    });
  }

  /** Refuses mails with this SMTP code from now on, all or those to one address; without a code they are accepted again. */
  refuseWith(code?: number, address?: string): void {
    if (code === undefined) this.errorCodes.delete(address);
    else this.errorCodes.set(address, code);
  }

  /** Leaves whoever sends to this address without an answer from now on. */
  stall(address: string): void {
    this.stalled.add(address);
  }

  /** Answers everybody who waits, and from now on at once. */
  release(): void {
    this.stalled.clear();
    for (const goOn of this.waiting.splice(0)) goOn();
  }

  /** How often somebody tried to send a mail to this address, accepted or not. */
  attemptsTo(address: string): number {
    return this.attempts.filter((one) => one === address).length;
  }

  stop(): Promise<void> {
    this.release();
    return new Promise((resolve) => this.server.close(resolve));
  }

  private async admit(address: string): Promise<void> {
    this.attempts.push(address);
    const code = this.errorCodes.get(address) ?? this.errorCodes.get(undefined);
    if (code !== undefined) throw Object.assign(new Error('Refused by the test'), { responseCode: code });
    if (this.stalled.has(address)) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private async receive(stream: SMTPServerDataStream, recipients: string[]): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const mail = await parseMail(Buffer.concat(chunks));
    this.accepted.push(...recipients.map((to) => ({ ...mail, to })));
  }

  private summary(): string {
    return this.accepted.map(({ to, subject }) => `${to} "${subject}"`).join(', ') || 'none';
  }
}

/** Reads the source of a mail, such as the content of an .eml file; `to` is what its header says. */
export async function parseMail(source: Buffer | string): Promise<ReceivedMail> {
  const { to, from, subject = '', messageId = '', text = '', html = '', headers } = await PostalMime.parse(source);
  return {
    to: to?.[0]?.address ?? '',
    from: from?.address ?? '',
    subject,
    messageId,
    text,
    html,
    links: text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
  };
}
