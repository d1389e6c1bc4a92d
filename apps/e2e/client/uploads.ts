import { createPost, homeFeed } from '@fowergram/client/operations';
import { drawPhoto } from '../src/photos.js';
import { type Scene, signedUp } from './scene.js';

const photo = async (seed: number) =>
  new Blob([new Uint8Array(await drawPhoto({ seed, width: 320, height: 240 }))], { type: 'image/jpeg' });

export function uploadTests(scene: () => Scene): void {
  describe('an upload of the client', () => {
    it('ends with a picture that is ready, also when answers are lost on the way', async () => {
      const opened = await signedUp(scene());
      const shares: number[] = [];
      const isForm = (path: string) => !path.startsWith('/auth') && path !== '/graphql';
      let [forms, cuts] = [0, 0];
      opened.onSend = (path) => {
        if (path === '/graphql' && cuts++ === 0) scene().proxy.cutNextAnswer();
        if (isForm(path) && forms++ === 0) throw new TypeError('The network was lost.');
      };
      const media = await opened.client.upload(await photo(7), {
        altText: 'A hill',
        onProgress: (share) => shares.push(share),
      });
      expect(media).toMatchObject({ status: 'READY', altText: 'A hill', width: 320, height: 240 });
      expect([forms, shares.at(0), shares.at(-1)]).toEqual([2, 0, 1]);
      await opened.client.close();
    });

    it('of what is no picture fails with its cause', async () => {
      const { client } = await signedUp(scene());
      const file = new Blob(['no picture at all'], { type: 'image/jpeg' });
      await expect(client.upload(file)).rejects.toMatchObject({ code: 'MEDIA_REJECTED', reason: 'NOT_A_PICTURE' });
      await client.close();
    });
  });

  describe('a list of the client', () => {
    it('is read page after page, each post once', async () => {
      const { client } = await signedUp(scene());
      for (const seed of [1, 2, 3]) {
        const { id } = await client.upload(await photo(seed));
        await client.request(createPost, { input: { caption: `${seed}`, mediaIds: [id] } });
      }
      const captions: string[] = [];
      for await (const { caption } of client.nodes(homeFeed, { first: 2 }, (data) => data.homeFeed))
        captions.push(caption);
      expect(captions).toEqual(['3', '2', '1']);
      const pages: number[] = [];
      for await (const { edges } of client.pages(homeFeed, { first: 2 }, (data) => data.homeFeed))
        pages.push(edges.length);
      expect(pages).toEqual([2, 1]);
      await client.close();
    });
  });
}
