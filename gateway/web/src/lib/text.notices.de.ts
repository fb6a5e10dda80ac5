import type { NoticesText } from './text.notices.en.ts';

export const noticesDe: NoticesText = {
  title: 'E-Mails zu Ihrer Arbeit',
  lead: 'Was geschieht, steht in jedem Fall im Dashboard. Alarme an die Bereitschaft hängen davon nicht ab. Eine E-Mail in Quarantäne zählt als neues Ticket, eine Adresse, die E-Mails nicht erreichen, als Antwort.',
  failed: 'Ihre Auswahl konnte nicht geladen werden',
  kinds: {
    newTicket: 'Ein neues Ticket Ihres Teams',
    replyMine: 'Eine Antwort in einem Ticket, für das Sie zuständig sind',
    replyTeam: 'Eine Antwort in einem Ticket Ihres Teams, das niemand übernommen hat',
  },
  channels: {
    CHANNEL_MAIL: 'Sofort per E-Mail',
    CHANNEL_DIGEST: 'In einer Sammelmail',
    CHANNEL_NONE: 'Keine E-Mail',
  },
  hours: 'Stunden der Sammelmail',
  hoursHint: (zone) => `In Ihrer Zeitzone (${zone}). Ist nichts geschehen, kommt keine.`,
  hoursMissing: 'Wählen Sie eine Stunde, oder oben keine Sammelmail.',
  save: 'Speichern',
  saving: 'Wird gespeichert …',
  saved: 'Ihre Auswahl wurde gespeichert.',
};
