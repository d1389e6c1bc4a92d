import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@fowergram/service-kit';
import type { Config } from '../config.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** Without 0 and o, 1, i and l: what is written down by hand is read back right. Sixteen of them have 79 bits. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/** Makes the secrets of second factors, and encrypts or hashes what is stored of them. */
@Injectable()
export class SecondFactorCryptoService {
  private readonly key: Buffer;
  private readonly recoveryKey: Uint8Array;

  constructor(@Inject(CONFIG) config: Config) {
    this.key = Buffer.from(config.SECOND_FACTOR_KEY, 'hex');
    this.recoveryKey = new Uint8Array(hkdfSync('sha256', this.key, '', 'recovery-code', 32));
  }

  newSecret(): Buffer {
    return randomBytes(SECRET_BYTES);
  }

  newRecoveryCodes(): string[] {
    return Array.from({ length: RECOVERY_CODES }, () => Array.from({ length: 4 }, fourCharacters).join('-'));
  }

  /** Encrypts a secret for one user; moved to another user's row it cannot be decrypted. */
  encrypt(userId: string, secret: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(userId));
    const hidden = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]);
  }

  /** Reads what encrypt made, or throws; the message is for the log and has nothing of the secret. */
  decrypt(userId: string, encrypted: Buffer): Buffer {
    try {
      const decipher = createDecipheriv(CIPHER, this.key, encrypted.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      }).setAAD(Buffer.from(userId));
      decipher.setAuthTag(encrypted.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(encrypted.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new Error(
        `The second factor of ${userId} cannot be decrypted. Is SECOND_FACTOR_KEY another one than it was?`,
        { cause: error },
      );
    }
  }

  /**
   * What is stored of a recovery code. It is too long to be guessed, so a slow hash would add nothing; the key makes a stolen
   * or altered table useless to whoever does not have it, and the user id ties the code to one account.
   */
  hashOf(userId: string, plainRecoveryCode: string): Buffer {
    return createHmac('sha256', this.recoveryKey).update(`${userId}:${plainRecoveryCode}`).digest();
  }
}

const fourCharacters = (): string => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
