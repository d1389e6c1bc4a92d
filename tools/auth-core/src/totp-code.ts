import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const DIGITS = 6;

export function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

export function fromBase32(text: string): Buffer {
  const bits = [...text].map((character) => ALPHABET.indexOf(character).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** RFC 6238 with HMAC-SHA1: the code that an authenticator shows during the period with this number. */
export function codeOf(secret: string, periodNumber: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(periodNumber));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = digest[digest.length - 1]! & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
}

export interface CodeSource {
  secret: string;
  /** Seconds. */
  period: number;
  /** How many periods a clock may be off, in either direction. */
  skew: number;
}

export function isCodeOf(source: CodeSource, code: string, nowMs: number): boolean {
  const current = Math.floor(nowMs / 1000 / source.period);
  for (let number = Math.max(0, current - source.skew); number <= current + source.skew; number++) {
    if (codeOf(source.secret, number) === code) return true;
  }
  return false;
}

/** For how long a code may be accepted after it was, had it not been used. */
export function lifetimeMs(source: CodeSource): number {
  return source.period * (2 * source.skew + 1) * 1000;
}
