import type { MergedText } from './text.merged.en.ts';

export const mergedDe: MergedText = {
  title: (number) => `Mit #${number} zusammengeführt`,
  lead: 'In beiden geht es um dasselbe. Dort geht es weiter, auch mit dem, was hier geantwortet wird.',
  open: (number) => `Zu #${number}`,
  hint: (number) => `Dieses Ticket wurde mit #${number} zusammengeführt. Was Sie senden, wird dort hinzugefügt.`,
  sent: (number) => `Ihre Antwort wurde bei #${number} hinzugefügt.`,
  moved: 'Dieses Ticket wurde geschlossen, bevor Sie dies gesendet haben',
  closed: (who) => `${who} hat dieses Ticket geschlossen`,
  notSent: 'Es wurde nichts gesendet. Was Sie geschrieben haben, bleibt erhalten.',
  send: (number) => `An #${number} senden`,
  take: (number) => `Zu #${number} mitnehmen`,
  taken: (number) => `Was Sie geschrieben hatten, steht im Feld von #${number}.`,
  followUp: 'Damit ein Folgeticket eröffnen',
  into: (who, number) => `${who} hat dieses Ticket mit #${number} zusammengeführt`,
  intoOther: (who) => `${who} hat dieses Ticket mit einem anderen zusammengeführt`,
  from: (who, number) => `${who} hat #${number} mit diesem Ticket zusammengeführt`,
  fromOther: (who) => `${who} hat ein anderes Ticket mit diesem zusammengeführt`,
};
