import { Injectable } from '@nestjs/common';
import type { Position } from '@fowergram/contracts-core';
import { Database, one, Replicas } from '@fowergram/database';
import type { Place, Stretch } from './found-posts.service.js';
import { COMMON, HAS_TOO_MANY, PARSE, RARE, RARE_END, WALK_END } from './post-search.sql.js';

/** A search as Postgres reads it. */
export interface Question {
  /** All words of it, as a query of full text; null when there is none. */
  words: string | null;
  /** What similar captions are looked for with; null when it has too little to compare. */
  similar: string | null;
  /** Very many posts have these words: they are met by walking from the newest post on. */
  isCommon: boolean;
}

@Injectable()
export class PostSearchRepository {
  constructor(
    private readonly db: Database,
    private readonly replicas: Replicas,
  ) {}

  /** Whatever stands in a text is plain text. */
  async parse(text: string): Promise<Question> {
    return one(await this.db.query<Question>(PARSE, [text]));
  }

  /** Whether more posts have the words than are found by the index of words, which finds none of them then. */
  async hasTooMany({ words }: Question): Promise<boolean> {
    return one(await this.replicas.query<{ hasTooMany: boolean }>(HAS_TOO_MANY, [words])).hasTooMany;
  }

  /** What the viewer finds after a position, newest first. */
  async stretch(viewerId: string | null, question: Question, after: Position, limit: number): Promise<Stretch> {
    const { words, similar, isCommon } = question;
    const page = [viewerId, after.at, after.id, limit, words];
    const places = isCommon
      ? await this.replicas.query<Place>(COMMON, page)
      : await this.replicas.query<Place>(RARE, [...page, similar]);
    if (places.length === limit) return { places, next: places.at(-1) };
    const end = isCommon
      ? await this.replicas.query<Position>(WALK_END, [after.at, after.id])
      : await this.replicas.query<Position>(RARE_END, [after.at, after.id, words, similar]);
    return { places, next: end[0] };
  }
}
