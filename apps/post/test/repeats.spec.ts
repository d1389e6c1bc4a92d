import { z } from 'zod';
import { AppError, type Rpc } from '@fowergram/contracts-core';
import * as contracts from '@fowergram/contracts-post';
import { coAuthorRpc, collectionRpc, postLifeRpc, postRpc, tagRpc } from '@fowergram/contracts-post';
import { newId } from '@fowergram/database';
import { block } from './visibility-kit.js';
import { newUserIds, openWorld, type World } from './world.js';

/** Commands about the own post, which a block does not take away. */
const ofAuthors = new Set<string>([tagRpc.set, coAuthorRpc.invite, coAuthorRpc.remove].map(({ subject }) => subject));

/** Commands about a post of somebody else, or a comment under one, that answer it. */
const commands = Object.values(contracts)
  .flatMap((group) => Object.values(group as Record<string, Partial<Rpc>>))
  .filter((contract): contract is typeof contracts.postRpc.like => namedBy(contract) !== undefined)
  .filter(({ subject }) => !ofAuthors.has(subject));

/** The field that says what such a command is about. */
function namedBy({ kind, input, output }: Partial<Rpc>): string | undefined {
  if (kind !== 'command' || !(input instanceof z.ZodObject)) return undefined;
  const fields = output === contracts.Comment ? ['postId', 'commentId', 'id'] : ['postId'];
  const isAnswered = output === contracts.Post || output === contracts.Comment;
  return isAnswered ? fields.find((field) => field in input.shape) : undefined;
}

/** Commands of users, which come with a key; those of operators, moderators and of the gateway itself have none. */
const keyedCommands = Object.values(contracts)
  .flatMap((group) => Object.values(group as Record<string, Partial<Rpc>>))
  .filter((contract): contract is Rpc => contract.kind === 'command')
  .filter(({ subject }) => !/^post\.(moderation|operator|visibility)\./.test(subject));

describe('the repeat of a command', () => {
  let world: World;

  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());

  it.each(commands.map((contract) => [contract.subject, contract] as const))(
    'answers nothing of a post that the user may see no more: %s',
    async (_subject, contract) => {
      const [ann, userId] = newUserIds(2) as [string, string];
      const { id: postId, mediaIds } = await world.post(ann);
      const tags = [{ mediaId: mediaIds[0]!, userId, x: 0, y: 0 }];
      await world.call(tagRpc.set, { postId, authorId: ann, tags });
      await world.call(coAuthorRpc.invite, { postId, authorId: ann, userId });
      const { id } = await world.call(postRpc.createComment, { postId, authorId: userId, text: 'hi' });
      const input = { postId, commentId: id, id, userId, authorId: userId, text: 'ho' };
      const options = { idempotencyKey: newId() };
      const first = await world.call(contract, input, options);
      await block(world, ann, userId);
      await expect(world.call(contract, input, options)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        details: { path: [namedBy(contract)] },
      });
      await block(world, ann, userId, false);
      expect(await world.call(contract, input, options)).toEqual(first);
    },
  );

  it.each([...ofAuthors])('answers nothing of the own post while it is deleted: %s', async (subject) => {
    const [ann, userId] = newUserIds(2) as [string, string];
    const { id } = await world.post(ann);
    const repeat = { idempotencyKey: newId() };
    const contract = [tagRpc.set, coAuthorRpc.invite, coAuthorRpc.remove].find((one) => one.subject === subject)!;
    const input = { postId: id, authorId: ann, userId, tags: [] };
    const set = () => world.call(contract as typeof tagRpc.set, input, repeat);
    const first = await set();
    await world.call(postRpc.delete, { id, userId: ann });
    await expect(set()).rejects.toMatchObject({ code: 'NOT_FOUND', details: { path: ['postId'] } });
    await world.call(postLifeRpc.restore, { id, userId: ann });
    expect(await set()).toEqual(first);
  });

  it.each(keyedCommands.map((contract) => [contract.subject, contract] as const))(
    'asks nobody else, who may answer otherwise now or not at all: %s',
    async (_subject, contract) => {
      const [ann, bo, cy] = newUserIds(3) as [string, string, string];
      const scene = await sceneOf(contract, ann, bo, cy);
      const options = { idempotencyKey: newId() };
      const first = await world.call(contract, scene, options);
      world.users.failure = world.media.failure = new AppError('INTERNAL', 'Nobody is there.');
      try {
        expect(await world.call(contract, scene, options)).toEqual(first);
      } finally {
        world.users.failure = world.media.failure = undefined;
      }
    },
  );

  /** What such a command says of ann's post, whom bo has answered and somebody is mentioned to. */
  async function sceneOf({ subject }: Rpc, ann: string, bo: string, cy: string): Promise<Sent> {
    world.users.names.set('somebody', cy);
    const isOfDraft = ['post.publish', 'post.schedule', 'post.draft.save'].includes(subject);
    const mediaIds = [world.media.add(ann)];
    const { id: postId } = isOfDraft
      ? await world.call(postLifeRpc.saveDraft, { userId: ann, mediaIds })
      : await world.call(postRpc.create, { authorId: ann, caption: '', mediaIds });
    if (subject === 'post.restore') await world.call(postRpc.delete, { id: postId, userId: ann });
    const authorId = subject === 'post.comment.create' ? bo : ann;
    const sent = {
      postId,
      id: postId,
      authorId,
      userId: ann,
      text: '@somebody',
      caption: '@somebody',
      name: 'sea',
      publishAt: LATER,
    };
    if (subject === 'post.create') return { ...sent, mediaIds: [world.media.add(ann)] };
    if (subject === 'post.draft.save') return { ...sent, mediaIds };
    if (/^post\.(tag|co-author)\./.test(subject)) {
      const tags = [{ mediaId: mediaIds[0]!, userId: bo, x: 0, y: 0 }];
      if (subject !== 'post.tag.set') await world.call(tagRpc.set, { postId, authorId: ann, tags });
      if (subject !== 'post.co-author.invite')
        await world.call(coAuthorRpc.invite, { postId, authorId: ann, userId: bo });
      return { ...sent, userId: bo, tags };
    }
    if (subject.startsWith('post.collection.'))
      return { ...sent, id: (await world.call(collectionRpc.create, { userId: ann, name: 'seas' })).id };
    if (!subject.startsWith('post.comment.') || subject === 'post.comment.create') return sent;
    const { id } = await world.call(postRpc.createComment, { postId, authorId: ann, text: 'hi' });
    return { ...sent, id, commentId: id };
  }
});

const LATER = new Date(Date.now() + 3_600_000).toISOString();

/** All that the commands of this service take; each leaves out what it does not know. */
type Sent = Record<string, unknown>;
