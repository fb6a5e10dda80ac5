import { text } from '../../lib/text.ts';

/** A look at an address; the server decides. */
export function checkEmail(address: string): string | undefined {
  return /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(address) ? undefined : text.common.emailInvalid;
}
