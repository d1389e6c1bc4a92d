import { requireCallable, isPublicAddress, violationOf } from '../../src/webhooks/delivery/addresses.rules.js';
import { WebhookClient } from '../../src/webhooks/delivery/webhook.client.js';
import type { WebhookNamesClient } from '../../src/webhooks/delivery/webhook-names.client.js';
import { Receiver } from './receiver.js';

const NEVER = new AbortController().signal;

describe('The address of a webhook', () => {
  it.each([
    ['IPv4 of this machine', 'https://127.0.0.1/'],
    ['this machine, short', 'https://127.1/'],
    ['this machine, decimal', 'https://2130706433/'],
    ['this machine, octal', 'https://0177.0.0.1/'],
    ['this machine, hexadecimal', 'https://0x7f.0.0.1/'],
    ['this machine, in one hexadecimal number', 'https://0x7f000001/'],
    ['this machine, with letters of full width', 'https://１２７.０.０.１/'],
    ['this machine, with encoded digits', 'https://%31%32%37.0.0.1/'],
    ['this machine, with a dot at the end', 'https://127.0.0.1./'],
    ['all of this machine', 'https://0.0.0.0/'],
    ['zero', 'https://0/'],
    ['a network inside, class A', 'https://10.1.2.3/'],
    ['a network inside, class B', 'https://172.31.0.1/'],
    ['a network inside, class C', 'https://192.168.1.1/'],
    ['the metadata of a cloud', 'https://169.254.169.254/'],
    ['a carrier network', 'https://100.64.0.1/'],
    ['a benchmark network', 'https://198.18.0.1/'],
    ['an example', 'https://203.0.113.9/'],
    ['many', 'https://224.0.0.1/'],
    ['everybody', 'https://255.255.255.255/'],
    ['a protocol', 'https://192.0.0.8/'],
    ['a relay of 6to4', 'https://192.88.99.1/'],
    ['IPv6 of this machine', 'https://[::1]/'],
    ['nothing', 'https://[::]/'],
    ['IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['IPv4 in IPv6, hexadecimal', 'https://[::ffff:7f00:1]/'],
    ['IPv4 in IPv6, the old way', 'https://[::127.0.0.1]/'],
    ['NAT64', 'https://[64:ff9b::7f00:1]/'],
    ['NAT64 of a network', 'https://[64:ff9b:1::a00:1]/'],
    ['6to4', 'https://[2002:7f00:1::]/'],
    ['Teredo', 'https://[2001:0:7f00:1::]/'],
    ['a network inside, IPv6', 'https://[fd00::1]/'],
    ['a link', 'https://[fe80::1]/'],
    ['a site', 'https://[fec0::1]/'],
    ['many, IPv6', 'https://[ff02::1]/'],
    ['an example, IPv6', 'https://[2001:db8::1]/'],
    ['a newer example, IPv6', 'https://[3fff::1]/'],
    ['localhost', 'https://localhost/'],
    ['localhost, in capitals and with a dot', 'https://LOCALHOST./'],
    ['below localhost', 'https://a.localhost/'],
    ['a name of the cluster', 'https://nats/'],
    ['a service of the cluster', 'https://nats.fowergram.svc.cluster.local/'],
    ['a name inside', 'https://metadata.google.internal/'],
    ['no TLS', 'http://receiver.example.com/'],
    ['a file', 'file:///etc/passwd'],
    ['another protocol', 'gopher://receiver.example.com/'],
    ['a user', 'https://receiver.example.com@127.0.0.1/'],
    ['a user of a good name', 'https://ann:secret@receiver.example.com/'],
    ['a fragment', 'https://receiver.example.com/#a'],
    ['a port below', 'https://receiver.example.com:25/'],
    ['no address', 'receiver.example.com'],
  ])('is refused that is of %s', (_what, url) => {
    const refused = { code: 'BAD_USER_INPUT', details: { path: ['url'], reason: 'WEBHOOK_URL' } };
    expect(() => requireCallable(url, 'public')).toThrow(expect.objectContaining(refused) as Error);
  });

  it.each([
    ['https://receiver.example.com/hooks?a=b', 'https://receiver.example.com/hooks?a=b'],
    ['HTTPS://Receiver.Example.com:443', 'https://receiver.example.com/'],
    ['https://receiver.example.com:8443/', 'https://receiver.example.com:8443/'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
    ['https://[2606:2800:220:1:248:1893:25c8:1946]/', 'https://[2606:2800:220:1:248:1893:25c8:1946]/'],
    ['https://bücher.example.com/', 'https://xn--bcher-kva.example.com/'],
  ])('is taken that is of the internet: %s', (url, stored) => {
    expect(requireCallable(url, 'public')).toBe(stored);
  });

  it('is none of the internet where it is no address at all', () => {
    expect(['', 'receiver.example.com', '1.2.3.4.5', '::ffff:10.0.0.1', '8.8.8.8'].map(isPublicAddress)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(violationOf(new URL('ftp://receiver.example.com/'), 'any')).toBeDefined();
  });
});

describe('A call of a webhook', () => {
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await Receiver.start();
  });
  afterAll(() => receiver?.stop());

  /** Calls, with names that stand for these addresses: the first time for the first of them, and so on. */
  async function call(url: string, targets: 'public' | 'any', ...found: (string[] | Error)[]) {
    let asked = 0;
    const addressesOf = (): Promise<string[]> => {
      const answer = found[Math.min(asked++, found.length - 1)]!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const names = { addressesOf } as unknown as WebhookNamesClient;
    const client = new WebhookClient(names, { WEBHOOK_TARGETS: targets, APP_NAME: 'Fowergram' });
    const outcomes = [];
    for (let turn = 0; turn < found.length; turn++) outcomes.push(await client.post(url, {}, '{}', NEVER));
    client.close();
    return { asked, failures: outcomes.map(({ failure }) => failure) };
  }

  it.each([
    ['this machine', ['127.0.0.1']],
    ['a network inside', ['10.0.0.7']],
    ['one of the internet, and one inside', ['93.184.216.34', '10.0.0.7']],
    ['one of the internet, and this machine in IPv6', ['93.184.216.34', '::1']],
    ['IPv4 in IPv6', ['::ffff:127.0.0.1']],
    ['NAT64', ['64:ff9b::7f00:1']],
  ])('connects to nobody where the name stands for %s', async (_what, addresses) => {
    const before = receiver.received.length;
    const { failures } = await call(`https://receiver.example.com:${receiver.port}/`, 'public', addresses);
    expect(failures).toEqual(['ADDRESS']);
    expect(receiver.received).toHaveLength(before);
  });

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://localhost/',
    'http://a.example.com/',
  ])('connects to nobody at what nobody has to look up: %s', async (url) => {
    expect(await call(url, 'public', ['93.184.216.34'])).toEqual({ asked: 0, failures: ['ADDRESS'] });
  });

  it('goes to the address that was looked up for it, and to no other that the name stands for', async () => {
    const url = `http://receiver.example.com:${receiver.port}/pinned`;
    const { asked, failures } = await call(url, 'any', ['127.0.0.1']);
    expect([asked, failures]).toEqual([1, [null]]);
    expect(receiver.at('/pinned').map(({ headers }) => headers.host)).toEqual([
      `receiver.example.com:${receiver.port}`,
    ]);
  });

  it('has its name looked up and judged again for the next connection', async () => {
    const known = new Error('not found');
    const { asked, failures } = await call('https://receiver.example.com/', 'public', known, ['127.0.0.1'], known);
    expect([asked, failures]).toEqual([3, ['UNREACHABLE', 'ADDRESS', 'UNREACHABLE']]);
  });
});
