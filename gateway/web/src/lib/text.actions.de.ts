import type { ActionsText } from './text.actions.en.ts';

export const actionsDe: ActionsText = {
  more: 'Mehr',
  items: {
    type: 'Art ändern …',
    requester: 'Meldende Person ändern …',
    spam: 'Als Spam markieren …',
    delete: 'Löschen …',
  },
  type: {
    title: 'Art des Tickets ändern',
    lead: 'Wofür die neue Art ein Feld hat, das wird übernommen. Der Rest bleibt in einer internen Notiz erhalten. Die Kundenseite sieht die neue Art.',
    label: 'Neue Art',
    priority: 'Priorität',
    priorityHint: 'Um die Bereitschaft zu alarmieren, setzen Sie das Ticket danach auf „Dringend“.',
    stops: 'Der Alarm endet',
    stopsLead:
      'Dies ist eine dringende Störung. Als andere Art alarmiert das Ticket niemanden, und seine Priorität wird „Hoch“.',
    confirm: 'Art ändern',
    done: 'Die Art wurde geändert.',
  },
  requester: {
    title: 'Meldende Person ändern',
    lead: (organization) =>
      `Das Ticket gehört dann ihr: Sie erhält alle weiteren E-Mails, und die bisherige Korrespondenz, falls sie keine Kopien hatte. Jedes Mitglied von ${organization} kommt in Frage.`,
    now: 'Bisher',
    label: 'Neue meldende Person',
    choose: 'Wählen',
    find: 'Person suchen',
    missing: 'Wählen Sie, wer es sein soll.',
    becomesCc: (name) => `${name} kommt in CC und erhält weiterhin Kopien.`,
    noCopies: (name) => `${name} erhält keine Kopien mehr.`,
    drop: (name) => `Keine Kopien mehr für ${name}`,
    confirm: 'Meldende Person ändern',
    done: 'Die meldende Person wurde geändert.',
  },
  spam: {
    title: 'Dieses Ticket als Spam markieren?',
    lead: 'Die Kundenseite findet es nicht mehr: Für sie gibt es dieses Ticket nicht. Es verschwindet aus allen Listen. Der Alarm endet, und wartende E-Mails werden nicht gesendet.',
    back: 'Das Support-Team findet es mit is:spam und kann es wiederherstellen.',
    confirm: 'Als Spam markieren',
    done: (number) => `#${number} wurde als Spam markiert.`,
  },
  delete: {
    title: 'Dieses Ticket löschen?',
    lead: 'Weder die Kundenseite noch das übrige Support-Team findet es mehr: Für sie gibt es dieses Ticket nicht. Der Alarm endet, und wartende E-Mails werden nicht gesendet.',
    back: 'Leitung und Administration finden es mit is:deleted und können es 30 Tage lang wiederherstellen. Danach wird es mit Korrespondenz und Dateien endgültig entfernt.',
    confirm: 'Ticket löschen',
    done: (number) => `#${number} wurde gelöscht.`,
  },
  hidden: {
    states: { '': 'sichtbar', spam: 'Als Spam markiert', deleted: 'Gelöscht' },
    spamBy: (who, when) => `${who} hat dieses Ticket ${when} als Spam markiert`,
    deletedBy: (who, when) => `${who} hat dieses Ticket ${when} gelöscht`,
    spamLead: 'Die Kundenseite findet es nicht. Niemand kann daran arbeiten, bis es wiederhergestellt ist.',
    deletedLead: (when) =>
      `Nur Leitung und Administration finden es. Es wird ${when} mit Korrespondenz und Dateien endgültig entfernt.`,
    pages: 'Es ist eine dringende Störung: Wer es wiederherstellt, alarmiert die Bereitschaft erneut.',
    restore: 'Wiederherstellen',
    restored: 'Das Ticket wurde wiederhergestellt.',
    somebody: 'Jemand',
    byMarked: (who) => `${who} hat das Ticket als Spam markiert`,
    byDeleted: (who) => `${who} hat das Ticket gelöscht`,
    byRestored: (who) => `${who} hat das Ticket wiederhergestellt`,
  },
};
