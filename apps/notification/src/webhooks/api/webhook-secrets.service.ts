import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../../config.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES = 32;

/** Makes the secrets that webhooks are signed with, and encrypts what is stored of them. */
@Injectable()
export class WebhookSecretsService {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.key = Buffer.from(config.WEBHOOK_KEY, 'hex');
  }

  newSecret(): Buffer {
    return randomBytes(SECRET_BYTES);
  }

  /** Encrypts a secret for one webhook; moved to another row it cannot be decrypted. */
  encrypt(webhookId: string, secret: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(webhookId));
    const hidden = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]);
  }

  /** Reads what encrypt made, or throws; the message is for the log and has nothing of the secret. */
  decrypt(webhookId: string, encrypted: Buffer): Buffer {
    try {
      const decipher = createDecipheriv(CIPHER, this.key, encrypted.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      }).setAAD(Buffer.from(webhookId));
      decipher.setAuthTag(encrypted.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(encrypted.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new Error(
        `The secret of webhook ${webhookId} cannot be decrypted. Is WEBHOOK_KEY another one than it was?`,
        {
          cause: error,
        },
      );
    }
  }
}
