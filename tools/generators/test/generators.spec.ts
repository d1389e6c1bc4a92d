import type { Tree } from '@nx/devkit';
import { FsTree } from '@nx/devkit/internal';

type Options = Record<string, string>;
type Generator = (tree: Tree, options: Options) => Promise<unknown>;

/** Runs a generator on the tree as it is now; what it writes stays in memory. */
async function generate(kind: string, options: Options, tree: Tree = new FsTree(process.cwd(), false)): Promise<Tree> {
  const path = `../${kind}/generator.mjs`;
  const { default: run } = (await import(path)) as { default: Generator };
  await run(tree, { service: 'post', ...options });
  return tree;
}

const textOf = (tree: Tree, file: string): string => tree.read(file, 'utf8') ?? '';
const writtenBy = (tree: Tree): string[] => tree.listChanges().map(({ path }) => path);

describe('The generator of features', () => {
  it('names mutations, field and what the journey of an erasure calls as its options say', async () => {
    const names = { add: 'starPost', remove: 'unstarPost', field: 'starredByMe' };
    const tree = await generate('feature', { name: 'starred-posts', ...names });
    const resolver = textOf(tree, 'apps/gateway/src/starred-posts/starred-posts.resolver.ts');
    for (const name of Object.values(names)) expect(resolver).toContain(` ${name}(`);
    expect(textOf(tree, 'apps/e2e/src/full-account.ts')).toContain('{ starPost(postId: $id) { id } }');
    expect(writtenBy(tree).filter((file) => textOf(tree, file).includes('addStarredPost'))).toEqual([]);
  });

  it('puts what it adds to a list beside what belongs to it', async () => {
    const tree = await generate('feature', { name: 'bookmarks' });
    const columns = textOf(tree, 'apps/e2e/src/id-columns.ts').match(/^ {2}'\w+\.\w+\.\w+'/gm)!;
    const services = columns.map((column) => /\w+/.exec(column)![0]);
    expect(services.filter((service, index) => service !== services[index - 1])).toEqual([...new Set(services)]);
  });

  it.each([
    ['a noun that the service has', { name: 'likes' }, 'apps/post/src/likes exists already'],
    ['a noun that only the gateway has', { name: 'users' }, 'apps/gateway/src/users exists already'],
    ['a noun that is in a contract', { name: 'post' }, 'libs/contracts/post/src/post.rpc.ts exists already'],
    ['a table that exists', { name: 'post-likes' }, 'has a table post_like or a model PostLike already'],
    ['a table that SQL keeps for itself', { name: 'orders' }, '"order" is a reserved word of SQL'],
    ['a noun that TypeScript keeps for itself', { name: 'new' }, '"new" is a reserved word of TypeScript'],
    ['another owner than post', { name: 'badges', service: 'user' }, 'docs/how-to/add-a-mutation.md'],
    ['a mutation that exists', { name: 'bookmarks', add: 'likePost' }, 'Mutation.likePost exists already'],
    ['two mutations of one name', { name: 'bookmarks', add: 'save', remove: 'save' }, 'give them two names'],
    ['a mutation that is no name', { name: 'bookmarks', add: 'save-post' }, '"save-post" is no name of a field'],
    ['a mutation that is a reserved word', { name: 'bookmarks', remove: 'delete' }, '"delete" is a reserved word'],
    ['a field that exists', { name: 'bookmarks', field: 'viewerHasLiked' }, 'Post.viewerHasLiked exists already'],
  ])('refuses %s and writes nothing', async (_what, options, sentence) => {
    const tree = new FsTree(process.cwd(), false);
    await expect(generate('feature', options, tree)).rejects.toThrow(sentence);
    expect(writtenBy(tree)).toEqual([]);
  });
});

describe('The generator of lists', () => {
  it.each([
    ['a feature that does not exist', { name: 'bookmarks' }, 'There is no feature bookmarks yet: nx g'],
    ['a noun that was written by hand', { name: 'likes' }, 'apps/post/src/likes was not written by the generator'],
    ['another owner than post', { name: 'follows', service: 'user' }, 'docs/how-to/add-a-list.md'],
  ])('refuses %s and writes nothing', async (_what, options, sentence) => {
    const tree = new FsTree(process.cwd(), false);
    await expect(generate('list', options, tree)).rejects.toThrow(sentence);
    expect(writtenBy(tree)).toEqual([]);
  });

  it('refuses a second list of the same feature', async () => {
    const tree = await generate('list', { name: 'bookmarks' }, await generate('feature', { name: 'bookmarks' }));
    await expect(generate('list', { name: 'bookmarks' }, tree)).rejects.toThrow('bookmarks has a list already');
  });
});

describe('The generator of events', () => {
  it('names the author of the post, as post.events.ts promises, and not who did it', async () => {
    const tree = await generate('event', { name: 'bookmarked', consumer: 'notification' });
    const [contract] = /bookmarked: event\(.*/.exec(textOf(tree, 'libs/contracts/post/src/post.events.ts'))!;
    expect(contract).toContain('{ postId: Id, authorId: Id, at: Timestamp }');
    expect(writtenBy(tree).filter((file) => /\buserId\b/.test(textOf(tree, file)) && /bookmarked/.test(file))).toEqual(
      [],
    );
  });

  it.each([
    ['an event that exists', { name: 'liked' }, 'postEvent.liked exists already'],
    ['its own owner as consumer', { name: 'bookmarked', consumer: 'post' }, 'choose another --consumer'],
    ['a consumer that does not exist', { name: 'bookmarked', consumer: 'search' }, 'There is no service search'],
    ['a service that publishes none', { name: 'mailed', service: 'notification' }, 'notification publishes no events'],
  ])('refuses %s and writes nothing', async (_what, options, sentence) => {
    const tree = new FsTree(process.cwd(), false);
    await expect(generate('event', { consumer: 'notification', ...options }, tree)).rejects.toThrow(sentence);
    expect(writtenBy(tree)).toEqual([]);
  });
});

describe('The generator of jobs', () => {
  it.each([
    ['a folder that exists', { name: 'feed' }, 'apps/post/src/feed exists already'],
    ['a name that TypeScript keeps for itself', { name: 'delete' }, '"delete" is a reserved word of TypeScript'],
    ['a service that does not exist', { name: 'rebuild', service: 'search' }, 'There is no service search'],
  ])('refuses %s and writes nothing', async (_what, options, sentence) => {
    const tree = new FsTree(process.cwd(), false);
    await expect(generate('job', options, tree)).rejects.toThrow(sentence);
    expect(writtenBy(tree)).toEqual([]);
  });
});
