import type { NotificationCard } from '@fowergram/client/operations';
import { addressOf, sentenceOf } from '../src/notifications/sentence.js';

const named = (...names: string[]) => names.map((username) => ({ username })) as NotificationCard['actors'];
const notification = (values: Partial<NotificationCard>): NotificationCard =>
  ({ kind: 'LIKE', actors: named('ann'), actorCount: 1, post: null, comment: null, ...values }) as NotificationCard;

describe('The sentence of a notification', () => {
  it('names one, two, or one and the number of the others', () => {
    expect(sentenceOf(notification({}))).toBe('ann liked your post');
    expect(sentenceOf(notification({ actors: named('ann', 'bo'), actorCount: 2 }))).toBe('ann and bo liked your post');
    expect(sentenceOf(notification({ actors: named('ann', 'bo', 'cy'), actorCount: 5 }))).toBe(
      'ann and 4 others liked your post',
    );
  });

  it('names somebody where the actors are not for the viewer any more', () => {
    expect(sentenceOf(notification({ actors: [], actorCount: 1 }))).toBe('Somebody liked your post');
    expect(addressOf(notification({ actors: [] }))).toBe('/notifications');
  });

  it('quotes the comment, and leads to the post', () => {
    const commented = notification({
      kind: 'COMMENT',
      post: { id: 'post_1', code: 'abc', media: [] },
      comment: { id: 'comment_1', text: 'Oh!' },
    });
    expect(sentenceOf(commented)).toBe('ann commented on your post: “Oh!”');
    expect(addressOf(commented)).toBe('/p/abc');
  });
});
