// Fills a new network through its public API: what `npm start` shows was made the way an app makes it.
import { comment, createPost, follow, like, myId, uploadPhoto } from '../actions.js';
import { AppClient } from '../app-client.js';
import { drawPhoto } from '../photos.js';

const PASSWORD = 'fowergram-demo-1';

const users = [
  { username: 'ann', displayName: 'Ann Berger', bio: 'Mountains before breakfast.' },
  { username: 'bosse', displayName: 'Bo Lindqvist', bio: 'Lakes, saunas, slow shutter.' },
  { username: 'cyril', displayName: 'Cyril Osei', bio: 'Colour first.' },
  { username: 'dana', displayName: 'Dana Petrova', bio: 'Walks the dog, takes the picture.' },
];

const captions = [
  'First light over the ridge #mountains',
  'The lake was quiet #water',
  'Nobody else up here #mountains #morning',
  'Colours after the rain',
  'One more before dark #sunset',
  'The long way home',
];

interface TestUser {
  client: AppClient;
  id: string;
  username: string;
}

async function join(url: string, { username, displayName, bio }: (typeof users)[number]): Promise<TestUser> {
  const client = new AppClient(url);
  const form = { email: `${username}@demo.fowergram.test`, password: PASSWORD, username };
  const answer = await client.signUp(form);
  if (answer.status !== 'OK') throw new Error(`Sign-up of ${username} was answered ${JSON.stringify(answer)}`);
  await client.request(`mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }`, {
    input: { displayName, bio },
  });
  return { client, id: await myId(client), username };
}

async function main(url: string): Promise<void> {
  const joined: TestUser[] = [];
  // One after the other: on a busy machine several passwords at once take longer to hash than a sign-up may.
  for (const user of users) joined.push(await join(url, user));
  await Promise.all(
    joined.flatMap((user) => joined.filter((other) => other !== user).map((other) => follow(user.client, other.id))),
  );
  const posts: string[] = [];
  for (const [index, caption] of captions.entries()) {
    const author = joined[index % joined.length]!;
    const mediaId = await uploadPhoto(author.client, await drawPhoto({ seed: index + 1 }));
    posts.push(await createPost(author.client, [mediaId], caption));
  }
  for (const [index, postId] of posts.entries()) {
    for (const user of joined.slice(0, 1 + (index % 3))) await like(user.client, postId);
    await comment(joined[(index + 1) % joined.length]!.client, postId, 'What a view!');
  }
  console.log(
    JSON.stringify({
      users: users.map(({ username, displayName }) => ({
        username,
        displayName,
        email: `${username}@demo.fowergram.test`,
        password: PASSWORD,
      })),
      follows: joined.length * (joined.length - 1),
      posts,
    }),
  );
}

const url = process.env.GATEWAY_URL;
if (!url) throw new Error('GATEWAY_URL is not set.');
await main(url);
