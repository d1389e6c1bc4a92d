import { NODE, type Path, type Question, shows } from './path.js';

/** Whether the store gives out a picture of the post for everybody by the address that the viewer has got, changed or not. */
const opens =
  (change: (url: string) => string) =>
  async ({ client, things }: Question): Promise<boolean> => {
    const query = 'query ($id: ID!) { post(id: $id) { media { url(width: 320) } } }';
    const answer = await client.answer<{ post: { media: { url: string }[] } | null }>(query, {
      id: things.posts.PUBLIC,
    });
    const url = answer.data?.post?.media[0]?.url;
    return url !== undefined && (await fetch(change(url))).ok;
  };

export const address = (change: (url: string) => string): Path[] => [{ fields: ['Media.url'], sees: opens(change) }];

export const file: Path[] = [
  {
    fields: ['Query.node'],
    sees: shows(
      NODE,
      ({ things }) => ({ id: things.media.PUBLIC }),
      ({ things }) => things.media.PUBLIC,
    ),
  },
];
