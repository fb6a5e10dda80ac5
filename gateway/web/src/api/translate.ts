import type { Language } from '../lib/locale.ts';
import { type FaultsText, faultsText } from '../lib/text.faults.ts';
import type { ProblemBody } from './problem.ts';

/** A problem in other words than the server's. What is not known by its reason is said by its status. */
export async function translate(
  status: number,
  body: ProblemBody,
  language: Exclude<Language, 'en'>,
): Promise<ProblemBody> {
  const say = await faultsText[language]();
  const fields = body.fields?.map((field) => ({
    ...field,
    description: sentence(say, field.reason, field.description) ?? say.wrong,
  }));
  const detail =
    fields && fields.length > 0
      ? [...new Set(fields.map(({ path, description }) => named(say, path, description)))].join(' ')
      : (sentence(say, body.reason, body.detail) ?? say.statuses[status] ?? say.refused);
  return { ...body, detail, ...(fields && { fields }) };
}

function sentence(say: FaultsText, reason = '', english = ''): string | undefined {
  const found = Object.hasOwn(say.reasons, reason) ? say.reasons[reason] : undefined;
  if (typeof found !== 'function') return found;
  const number = /\d+/.exec(english);
  return found(number ? Number(number[0]) : undefined);
}

/** Names the field by the last part of its path that has a name: "ticket.ccs[3].email" is the e-mail address. */
function named(say: FaultsText, path: string, description: string): string {
  const known = path
    .replace(/\[[^\]]*\]/g, '')
    .split('.')
    .findLast((part) => Object.hasOwn(say.fields, part));
  const name = known && say.fields[known];
  return name ? say.named(name, description) : description;
}
