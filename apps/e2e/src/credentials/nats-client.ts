import { setImmediate } from 'node:timers/promises';
import { connect, type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';

/** A connection with one user's credentials, which notes what the server forbids. */
export class NatsClient {
  private readonly forbidden: string[] = [];

  private constructor(readonly nats: NatsConnection) {
    void this.watch();
  }

  static async open(url: string, user: string): Promise<NatsClient> {
    const { host, username, password } = new URL(url);
    const options = { servers: host, user: username, pass: password, inboxPrefix: `_INBOX.${user}` };
    return new NatsClient(await connect({ ...options, reconnect: false, ignoreAuthErrorAbort: true }));
  }

  /** Which of these subjects the user may publish to. */
  async mayPublish(subjects: string[]): Promise<string[]> {
    return this.attempt(subjects, (subject) => this.nats.publish(subject));
  }

  /** Which of these the user may subscribe to; `rpc.x queue` is a subscription as a member of that queue. */
  async maySubscribe(subjects: string[]): Promise<string[]> {
    return this.attempt(subjects, (subject) => {
      const [name, queue] = subject.split(' ') as [string, string | undefined];
      const subscription = this.nats.subscribe(name, { callback: () => undefined, ...(queue ? { queue } : {}) });
      return () => subscription.unsubscribe();
    });
  }

  close(): Promise<void> {
    return this.nats.close();
  }

  private async attempt(subjects: string[], act: (subject: string) => (() => void) | void): Promise<string[]> {
    const allowed: string[] = [];
    for (const subject of subjects) {
      this.forbidden.length = 0;
      const undo = act(subject);
      // The server answers in order: what it forbids is said before this, and noted in the same turn.
      await this.nats.flush();
      await setImmediate();
      if (this.forbidden.length === 0) allowed.push(subject);
      undo?.();
    }
    return allowed;
  }

  private async watch(): Promise<void> {
    for await (const status of this.nats.status())
      if (status.type === 'error' && status.error instanceof PermissionViolationError)
        this.forbidden.push(status.error.subject);
  }
}
