import { upload, type UploadParts } from '../src/uploads/upload.js';

/** The form of React Native, which takes what has an address as a file. */
class PhoneForm {
  readonly parts: [string, unknown][] = [];
  append(name: string, value: unknown): void {
    this.parts.push([name, value]);
  }
}

describe('An upload from a phone', () => {
  const { FormData } = globalThis;
  beforeAll(() => void (globalThis.FormData = PhoneForm as unknown as typeof FormData));
  afterAll(() => void (globalThis.FormData = FormData));

  it('sends what has an address after the fields of the form, and says how large it is', async () => {
    const file = { uri: 'file:///photo.jpg', type: 'image/jpeg', size: 1_234, name: 'photo.jpg' };
    const [asked, forms] = [[] as unknown[], [] as PhoneForm[]];
    const parts = {
      request: async (_document: unknown, variables: unknown) => {
        asked.push(variables);
        const fields = [{ name: 'key', value: 'k' }];
        return { createMediaUpload: { url: 'http://store.test', fields, media: { id: 'm' } } };
      },
      subscriptions: {
        requireWebSocket: () => undefined,
        async *subscribe() {
          yield { mediaUpdated: { status: 'READY', id: 'm' } };
        },
      },
      attempts: { firstDelayMs: 1, longestDelayMs: 1, giveUpAfterMs: 1 },
      fetch: async (_url: string, { body }: { body: PhoneForm }) => {
        forms.push(body);
        return new Response(null, { status: 204 });
      },
    } as unknown as UploadParts;
    expect(await upload(parts, file)).toMatchObject({ id: 'm', status: 'READY' });
    expect(asked).toEqual([{ input: { contentType: 'image/jpeg', byteSize: 1_234, altText: null } }, { mediaId: 'm' }]);
    expect(forms.map((form) => form.parts)).toEqual([
      [
        ['key', 'k'],
        ['file', file],
      ],
    ]);
  });
});
