import { buffer } from 'node:stream/consumers';
import { Client } from 'minio';
import type { Network } from '../../src/network.js';

/** The bucket of a network, as `mc mirror` copies it. */
export class Bucket {
  private readonly client: Client;
  private readonly name: string;

  constructor({ stack: { objectStore } }: Network) {
    const { hostname, port } = new URL(objectStore.url);
    const { accessKey, secretKey, bucket } = objectStore;
    this.client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      region: 'us-east-1',
      accessKey,
      secretKey,
    });
    this.name = bucket;
  }

  async copy(): Promise<Map<string, Buffer>> {
    const copies = new Map<string, Buffer>();
    // An object that is removed meanwhile is no failure of a copy.
    for (const key of await this.keys()) {
      const stream = await this.client.getObject(this.name, key).catch(() => undefined);
      if (stream) copies.set(key, await buffer(stream));
    }
    return copies;
  }

  async destroy(): Promise<void> {
    for (const key of await this.keys()) await this.client.removeObject(this.name, key);
  }

  async restore(copies: Map<string, Buffer>): Promise<void> {
    for (const [key, bytes] of copies) await this.client.putObject(this.name, key, bytes);
  }

  private async keys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const item of this.client.listObjectsV2(this.name, '', true)) keys.push((item as { name: string }).name);
    return keys;
  }
}
