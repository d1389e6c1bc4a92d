import { OVERLOAD } from './overload.config.js';
import { PRIORITIES, type Kind, type Priority } from './priority.rules.js';

/** An operation that asks to be executed. */
export interface Entrant {
  priority: Priority;
  points: number;
  /** Whose it is: what one caller has under way is bounded, too. */
  caller: string;
}

interface Waiting extends Entrant {
  begin: () => void;
}

/** Points, in all and by caller. What is larger than its share has room when nothing else is there. */
class Tally {
  total = 0;
  private readonly ofCallers = new Map<string, number>();

  constructor(private readonly max: number) {}

  hasRoomFor(entrant: Entrant): boolean {
    const held = this.ofCallers.get(entrant.caller) ?? 0;
    return this.hasShareFor(entrant) && fits(held, entrant.points, OVERLOAD.pointsOfOneCaller);
  }

  hasShareFor({ priority, points }: Entrant): boolean {
    return fits(this.total, points, this.max * priority.share);
  }

  add({ points, caller }: Entrant): void {
    this.total += points;
    this.ofCallers.set(caller, (this.ofCallers.get(caller) ?? 0) + points);
  }

  remove({ points, caller }: Entrant): void {
    this.total -= points;
    const left = this.ofCallers.get(caller)! - points;
    if (left > 0) this.ofCallers.set(caller, left);
    else this.ofCallers.delete(caller);
  }
}

const fits = (held: number, more: number, max: number): boolean => held === 0 || held + more <= max;

/** Who is refused last is served first. */
const ORDER = PRIORITIES.toReversed();

/** Bounds what is executed at a time and what waits for it. */
export class OperationQueue {
  private readonly inFlight = new Tally(OVERLOAD.pointsInFlight);
  private readonly waiting = new Tally(OVERLOAD.pointsWaiting);
  private readonly queues = new Map<Kind, Waiting[]>(PRIORITIES.map(({ kind }) => [kind, []]));

  get pointsInFlight(): number {
    return this.inFlight.total;
  }

  /** Begins it now, and says whether. */
  begin(entrant: Entrant): boolean {
    if (!this.inFlight.hasRoomFor(entrant)) return false;
    this.inFlight.add(entrant);
    return true;
  }

  /** Lets it wait for its turn; undefined when too much waits already, else the function that takes it out of the queue. */
  wait(entrant: Entrant, begin: () => void): (() => void) | undefined {
    if (!this.waiting.hasRoomFor(entrant)) return undefined;
    const waiting = { ...entrant, begin };
    const queue = this.queues.get(entrant.priority.kind)!;
    queue.push(waiting);
    this.waiting.add(waiting);
    return () => this.take(queue, queue.indexOf(waiting));
  }

  end(entrant: Entrant): void {
    this.inFlight.remove(entrant);
    for (const priority of ORDER) this.serve(priority);
  }

  private serve(priority: Priority): void {
    const queue = this.queues.get(priority.kind)!;
    for (let index = 0; index < queue.length;) {
      const next = queue[index]!;
      // Nobody overtakes one of the same kind that has not enough room; only a caller who holds too much is passed over.
      if (!this.inFlight.hasShareFor(next)) return;
      if (!this.begin(next)) {
        index++;
        continue;
      }
      this.take(queue, index);
      next.begin();
    }
  }

  private take(queue: Waiting[], index: number): void {
    if (index >= 0) this.waiting.remove(queue.splice(index, 1)[0]!);
  }
}
