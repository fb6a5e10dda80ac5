/** What stands where text was. */
export const redacted = '[redacted]';

/** As many passages can go at once. */
export const mostPassages = 20;

/** A part of a message that stays, or goes. */
export interface Piece {
  text: string;
  gone: boolean;
}

/** Takes a message apart as the server does: a passage goes wherever it stands, and what overlaps goes as one. */
export function piecesOf(body: string, passages: string[]): Piece[] {
  const gone = new Uint8Array(body.length);
  for (const passage of passages) {
    if (passage === '') continue;
    for (let at = body.indexOf(passage); at >= 0; at = body.indexOf(passage, at + 1)) {
      gone.fill(1, at, at + passage.length);
    }
  }
  const pieces: Piece[] = [];
  for (let at = 0; at < body.length; at++) {
    const last = pieces.at(-1);
    if (last && last.gone === (gone[at] === 1)) last.text += body[at];
    else pieces.push({ text: body[at] ?? '', gone: gone[at] === 1 });
  }
  return pieces;
}

/** The text between two places of a field, which counts the end of a line as one, however the message has it. */
export function sliceOf(body: string, start: number, end: number): string {
  let place = 0;
  let from = body.length;
  for (let at = 0; at < body.length; at++, place++) {
    if (place === start) from = Math.min(from, at);
    if (place === end) return body.slice(from, at);
    if (body[at] === '\r' && body[at + 1] === '\n') at++;
  }
  return body.slice(from);
}

/** What is asked of the server; `texts` and `attachments` are empty when all of it goes. */
export interface Redaction {
  texts: string[];
  attachments: string[];
  reason: string;
}

/**
 * What must be mended first, by the words of the dialog, of what was chosen. A passage that was is one that the reason
 * must not tell, even if the whole message goes now.
 */
export function faultsOf(
  { texts, attachments, reason }: Redaction,
  whole: boolean,
): Partial<Record<'what' | 'reason', 'nothing' | 'missing' | 'repeats'>> {
  return {
    ...(!whole && texts.length + attachments.length === 0 && { what: 'nothing' }),
    ...(!reason.trim() && { reason: 'missing' }),
    ...(texts.some((text) => reason.includes(text)) && { reason: 'repeats' }),
  };
}
