import { MUTED_FOR_EVER, type Relation } from '@fowergram/contracts-user';
import { type RelationPart, relationOf } from '../visibility-kit.js';
import type { Facts } from './scene.js';

export type EdgeKind = 'follow' | 'close_friend' | 'block' | 'report' | 'mute';

/** Who follows, befriends, blocks, reports and mutes whom among the users of a scene. */
export class Edges {
  private readonly edges = new Set<string>();

  has(kind: EdgeKind, who: string, whom: string): boolean {
    return this.edges.has(`${kind} ${who} ${whom}`);
  }

  /** Makes or ends an edge, as the truth is to know it. */
  set(kind: EdgeKind, who: string, whom: string, on: boolean): Facts {
    this.edges[on ? 'add' : 'delete'](`${kind} ${who} ${whom}`);
    if (!on) return [[`delete from truth.${kind} where who = $1 and whom = $2`, [who, whom]]];
    return [[`insert into truth.${kind} (who, whom) values ($1, $2) on conflict do nothing`, [who, whom]]];
  }

  isBlocked(one: string, other: string): boolean {
    return this.has('block', one, other) || this.has('block', other, one);
  }

  /** What the user service says of how the viewer stands to the author now. */
  relation(viewerId: string, authorId: string): Relation {
    const part: RelationPart = {
      follows: this.has('follow', viewerId, authorId),
      closeFriend: this.has('close_friend', authorId, viewerId),
      blocked: this.isBlocked(viewerId, authorId),
      reported: this.has('report', viewerId, authorId),
      postsMutedUntil: this.has('mute', viewerId, authorId) ? MUTED_FOR_EVER : null,
    };
    return relationOf(viewerId, authorId, part);
  }
}
