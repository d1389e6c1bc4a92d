/** E.164 for a number written with its country; the SDK sends no other, and anything else is only trimmed. */
export function normalisePhone(phoneNumber: string): string {
  const trimmed = phoneNumber.trim();
  const digits = trimmed.replace(/[\s().\-/]/g, '');
  return /^\+[1-9]\d{4,14}$/.test(digits) ? digits : trimmed;
}
