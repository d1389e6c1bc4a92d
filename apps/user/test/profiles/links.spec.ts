import { type Profile, userRpc } from '@fowergram/contracts-user';
import { openWorld, type World } from '../world.js';

describe('the links of a profile', () => {
  let world: World;
  let ann: Profile;
  beforeAll(async () => void (world = await openWorld()));
  afterAll(() => world?.close());
  beforeEach(async () => void (ann = await world.user()));

  const setLinks = (links: string[]) => world.call(userRpc.updateProfile, { userId: ann.id, links });

  it('are stored as browsers write them, in their order, and an empty list removes them', async () => {
    const links = [' HTTPS://Example.COM ', 'http://example.com:80/a b?q=ü', 'https://müller.example/#x'];
    const written = ['https://example.com/', 'http://example.com/a%20b?q=%C3%BC', 'https://xn--mller-kva.example/#x'];
    expect(await setLinks(links)).toEqual({ ...ann, links: written });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toMatchObject([{ links: written }]);
    expect(await world.call(userRpc.updateProfile, { userId: ann.id, bio: '' })).toMatchObject({ links: written });
    expect(await setLinks([])).toEqual(ann);
  });

  it.each([
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    ' \u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'ftp://example.com/',
    'blob:https://example.com/1',
    '//example.com',
    'example.com',
    '',
    'https://',
    'https://user@example.com/',
    'https://example.com:secret@elsewhere.example/',
    'https://exa\u0000mple.com/',
    'https://example.com/\ud800',
    `https://example.com/${'a'.repeat(200)}`,
    `https://example.com/${'ü'.repeat(100)}`,
  ])('refuse %j, and say at which place it stands', async (link) => {
    await expect(setLinks(['https://example.com/', link])).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { path: ['links', 1] },
    });
    expect(await world.call(userRpc.profilesByIds, { ids: [ann.id] })).toEqual([ann]);
  });

  it('are five at most', async () => {
    const links = Array.from({ length: 6 }, (_, index) => `https://example.com/${index}`);
    await expect(setLinks(links)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { path: ['links'] } });
    expect(await setLinks(links.slice(1))).toMatchObject({ links: links.slice(1) });
  });
});
