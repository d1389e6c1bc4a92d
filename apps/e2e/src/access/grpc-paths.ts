import type { Path, Question } from './path.js';

type Ids = (question: Question) => string;

/** BatchGet by gRPC for the viewer: what they do not see is left out. */
const finds = (method: string, idOf: Ids, more: Pick<Path, 'notForModerators'> = {}): Path => ({
  fields: ['Query.node'],
  ...more,
  sees: async (question) => {
    const { grpc, viewers } = question.scene;
    if (!grpc) throw new Error('The network of this scene has no gRPC.');
    const viewer = question.viewer === 'author' ? question.things.user : viewers[question.viewer];
    const request = { ids: [idOf(question)], viewerId: viewer?.id ?? '' };
    const { status, message, answer } = await grpc.call(method, request);
    if (status !== 'OK') throw new Error(`${method}: ${status} ${message}`);
    const found = answer as { users?: unknown[]; posts?: unknown[] };
    return (found.users ?? found.posts)!.length === 1;
  },
});

const post = (idOf: Ids, more?: Pick<Path, 'notForModerators'>) => [finds('fowergram.v1.Posts/BatchGet', idOf, more)];
const notForModerators = { notForModerators: true } as const;

/** Every way by gRPC to each object of the table. */
export const grpcPaths: Record<string, Path[]> = {
  card: [finds('fowergram.v1.Users/BatchGet', ({ things }) => things.user.id)],
  'post for everybody': post(({ things }) => things.posts.PUBLIC),
  'post for followers': post(({ things }) => things.posts.FOLLOWERS),
  'post for close friends': post(({ things }) => things.posts.CLOSE_FRIENDS),
  'post of another as a co-author': post(({ things }) => things.shared),
  'post hidden by a moderator': post(({ things }) => things.moderatedPosts.hidden, notForModerators),
  'post that the viewer reported': post(({ things }) => things.moderatedPosts.reported, notForModerators),
};
