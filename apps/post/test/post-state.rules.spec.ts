import type { PostState } from '@fowergram/contracts-post';
import { allows, checkPublishAt, type Transition, TRANSITIONS } from '../src/posts/post-state.rules.js';

/** What each transition does in each state: leads on, is done already, or is refused. */
const LIFE: Record<Transition, Record<PostState, 'leads on' | 'is done' | 'is refused'>> = {
  save: of('leads on', 'leads on', 'is refused', 'is refused', 'is refused'),
  publish: of('leads on', 'leads on', 'is done', 'is refused', 'is refused'),
  schedule: of('leads on', 'leads on', 'is refused', 'is refused', 'is refused'),
  edit: of('leads on', 'leads on', 'leads on', 'leads on', 'is refused'),
  archive: of('is refused', 'is refused', 'leads on', 'is done', 'is refused'),
  unarchive: of('is refused', 'is refused', 'is done', 'leads on', 'is refused'),
  delete: of('leads on', 'leads on', 'leads on', 'leads on', 'is done'),
  restore: of('is refused', 'is refused', 'is refused', 'is refused', 'leads on'),
  pin: of('is refused', 'is refused', 'leads on', 'is refused', 'is refused'),
  unpin: of('is done', 'is done', 'leads on', 'is done', 'is refused'),
};

type Outcome = 'leads on' | 'is done' | 'is refused';
function of(...outcomes: [Outcome, Outcome, Outcome, Outcome, Outcome]): Record<PostState, Outcome> {
  const [DRAFT, SCHEDULED, PUBLISHED, ARCHIVED, DELETED] = outcomes;
  return { DRAFT, SCHEDULED, PUBLISHED, ARCHIVED, DELETED };
}

const CELLS = Object.entries(LIFE).flatMap(([transition, states]) =>
  Object.entries(states).map(
    ([state, outcome]) =>
      [transition as Transition, state as PostState, outcome] satisfies [Transition, PostState, Outcome],
  ),
);

describe('the life of a post', () => {
  it('has a row for each transition', () => {
    expect(Object.keys(TRANSITIONS).sort()).toEqual(Object.keys(LIFE).sort());
  });

  it.each(CELLS)('knows that %s of a post that is %s %s', (transition, state, outcome) => {
    if (outcome !== 'is refused') expect(allows(transition, state)).toBe(outcome === 'leads on');
    else
      expect(() => allows(transition, state)).toThrow(
        expect.objectContaining({ code: 'CONFLICT', details: { path: ['id'], reason: 'POST_STATE' } }),
      );
  });
});

describe('the time of a publication', () => {
  const now = new Date('2026-11-28T00:00:00.000Z');
  const check = (publishAt: string) => () => checkPublishAt(new Date(publishAt), now, ['publishAt']);

  it.each(['2026-11-28T00:00:00.001Z', '2027-11-28T00:00:00.000Z'])('may be %s', (publishAt) => {
    expect(check(publishAt)).not.toThrow();
  });

  it.each([
    '2026-11-28T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '2027-11-30T00:00:00.000Z',
    '2046-11-28T00:00:00.000Z',
  ])('is refused when it is %s', (publishAt) => {
    expect(check(publishAt)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: expect.objectContaining({ path: ['publishAt'] }) }),
    );
  });
});
