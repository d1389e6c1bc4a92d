import type { PaceService } from './pace.service.js';
import { type Kind, PRIORITIES, type Priority } from './priority.rules.js';
import { type Entrant, Tally } from './tally.js';

interface Waiting {
  entrant: Entrant;
  begin: () => void;
}

/** Who is refused last is served first. */
const ORDER = PRIORITIES.toReversed();

/** Bounds what is executed at a time and what waits for it. */
export class OperationQueue {
  private readonly inFlight: Tally;
  private readonly waiting: Tally;
  private readonly queues = new Map<Kind, Waiting[]>(PRIORITIES.map(({ kind }) => [kind, []]));
  /** When each of those that are executed began. */
  private readonly beganAt = new Map<Entrant, number>();

  constructor(private readonly pace: PaceService) {
    this.inFlight = new Tally(() => pace.inFlight);
    this.waiting = new Tally(() => pace.waiting);
  }

  get pointsInFlight(): number {
    return this.inFlight.total;
  }

  /** Begins it now, and says whether. */
  begin(entrant: Entrant): boolean {
    if (!this.inFlight.hasRoomFor(entrant)) return false;
    this.inFlight.add(entrant);
    this.beganAt.set(entrant, this.pace.now());
    return true;
  }

  /** Lets it wait for its turn; undefined when too much waits already, else the function that takes it out of the queue. */
  wait(entrant: Entrant, begin: () => void): (() => void) | undefined {
    if (!this.waiting.hasRoomFor(entrant)) return undefined;
    const waiting = { entrant, begin };
    const queue = this.queues.get(entrant.priority.kind)!;
    queue.push(waiting);
    this.waiting.add(entrant);
    this.noteFull();
    return () => this.take(queue, queue.indexOf(waiting));
  }

  end(entrant: Entrant): void {
    this.inFlight.remove(entrant);
    this.pace.add(entrant.points, this.pace.now() - this.beganAt.get(entrant)!);
    this.beganAt.delete(entrant);
    for (const priority of ORDER) this.serve(priority);
    this.noteFull();
  }

  private serve(priority: Priority): void {
    const queue = this.queues.get(priority.kind)!;
    for (let index = 0; index < queue.length;) {
      const { entrant, begin } = queue[index]!;
      // Nobody overtakes one of the same kind that has not enough room; only a caller who holds too much is passed over.
      if (!this.inFlight.hasShareFor(entrant)) return;
      if (!this.begin(entrant)) {
        index++;
        continue;
      }
      this.take(queue, index);
      begin();
    }
  }

  private take(queue: Waiting[], index: number): void {
    if (index < 0) return;
    this.waiting.remove(queue.splice(index, 1)[0]!.entrant);
    this.noteFull();
  }

  /** Full is what an operation waits for; one whose caller holds too much does not wait for the machine. */
  private noteFull(): void {
    const full = ORDER.find(({ kind }) => {
      const [next] = this.queues.get(kind)!;
      return next !== undefined && !this.inFlight.hasShareFor(next.entrant);
    });
    this.pace.noteFull(full?.share);
  }
}
