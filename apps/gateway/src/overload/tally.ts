import { OVERLOAD } from './overload.config.js';
import { type Kind, PRIORITIES, type Priority } from './priority.rules.js';

const SHARE_OF_ONE_CALLER = OVERLOAD.shareOfOneCaller / 100;

/** An operation that asks to be executed. */
export interface Entrant {
  priority: Priority;
  points: number;
  /** Whose it is: what one caller has under way is bounded, too. */
  caller: string;
}

/** Points, by kind and by caller. What is larger than its share has room when nothing else is there. */
export class Tally {
  total = 0;
  private readonly ofKinds = new Map<Kind, number>(PRIORITIES.map(({ kind }) => [kind, 0]));
  private readonly ofCallers = new Map<string, number>();

  constructor(private readonly max: () => number) {}

  hasRoomFor(entrant: Entrant): boolean {
    const held = this.ofCallers.get(entrant.caller) ?? 0;
    return this.hasShareFor(entrant) && fits(held, entrant.points, this.max() * SHARE_OF_ONE_CALLER);
  }

  /** What is refused before it takes nothing from a kind: cheap work of users finds room however much else there is. */
  hasShareFor({ priority, points }: Entrant): boolean {
    let held = 0;
    for (let rank = PRIORITIES.indexOf(priority); rank < PRIORITIES.length; rank++)
      held += this.ofKinds.get(PRIORITIES[rank]!.kind)!;
    return fits(held, points, this.max() * priority.share);
  }

  add({ priority, points, caller }: Entrant): void {
    this.change(priority.kind, points);
    this.ofCallers.set(caller, (this.ofCallers.get(caller) ?? 0) + points);
  }

  remove({ priority, points, caller }: Entrant): void {
    this.change(priority.kind, -points);
    const left = this.ofCallers.get(caller)! - points;
    if (left > 0) this.ofCallers.set(caller, left);
    else this.ofCallers.delete(caller);
  }

  private change(kind: Kind, points: number): void {
    this.total += points;
    this.ofKinds.set(kind, this.ofKinds.get(kind)! + points);
  }
}

const fits = (held: number, more: number, max: number): boolean => held === 0 || held + more <= max;
