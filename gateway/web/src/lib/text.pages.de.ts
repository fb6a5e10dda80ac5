import { pluralIn } from './plural.ts';
import type { PagesText } from './text.pages.en.ts';

const plural = pluralIn('de');

export const pagesDe: PagesText = {
  channels: {
    webhook: 'Webhook',
    email: 'E-Mail',
    sms: 'SMS',
    teams: 'Microsoft Teams',
    mattermost: 'Mattermost',
    pagerduty: 'PagerDuty',
    opsgenie: 'Opsgenie',
  },
  step: (step, loop) => `Schritt ${step} in Runde ${loop}`,
  fallback: 'Ersatzliste',
  called: (where, who, why) => `${where}: ${who} – ${why}`,
  skipped: (where) => `${where}: übersprungen, niemand ist in Bereitschaft oder erreichbar`,
  accepted: (who, channel, answer) => `${who}: ${channel} angenommen (${answer})`,
  failed: (who, channel, answer) => `${who}: ${channel} fehlgeschlagen (${answer})`,
  unsent: (seconds, who, channel) =>
    `${who}: ${channel} nach ${plural(seconds, { one: '# Sekunde', other: '# Sekunden' })} noch nicht zugestellt`,
  nextContact: (what) => `${what}, der nächste Kontakt wird versucht`,
  noContact: (what) => `${what}, und es gibt keinen anderen Kontakt`,
  exhausted: 'Alles versucht: Niemand hat bestätigt; die Supervisoren werden alarmiert',
  unheard: 'Alles versucht: Niemand hat bestätigt, und auch kein Supervisor ist erreichbar',
  escalated: (who) => `${who} hat eskaliert`,
  acknowledged: (who) => `${who} hat bestätigt`,
  reopened: (who, when) => `${who} hat ${when} bestätigt, seitdem geschah nichts: Es wird erneut alarmiert`,
  unacknowledged: (who, reason) => `${who} hat die Bestätigung zurückgenommen, es wird erneut alarmiert: ${reason}`,
  snoozed: (who, until) => `${who} hat den Alarm zurückgestellt bis ${until}`,
  snoozeEnded: (who) =>
    `Die von ${who} bestätigte Störung war nur zurückgestellt und ist nicht vorbei: Es wird erneut alarmiert`,
  pagedAgain: (title) => `Noch einmal alarmiert, während der Alarm offen war: ${title}`,
  suppressed: (event, endedBy) =>
    `Niemand wurde alarmiert: Ereignis ${event} machte das Ticket dringend, und Ereignis ${endedBy} hatte das schon beendet`,
  solved: 'Die Störung ist vorbei: Das Ticket ist gelöst',
  solvedBy: (who) => `Die Störung ist vorbei: ${who} hat das Ticket gelöst`,
  notUrgent: 'Die Störung ist vorbei: Das Ticket ist nicht mehr dringend',
  notUrgentBy: (who) => `Die Störung ist vorbei: Durch ${who} ist das Ticket nicht mehr dringend`,
  urgentAgain: (event) => `Die Störung ist vorbei: Das Ticket wurde durch sein Ereignis ${event} erneut dringend`,
  pagesSent: 'Die Störung ist vorbei: Es wird wieder alarmiert',
  takenOver: 'Das Notfallpostfach hat alarmiert; von hier an übernimmt wieder der übliche Weg',
  again: {
    unacknowledge: 'Bestätigung zurücknehmen …',
    unacknowledgeTitle: 'Die Bestätigung zurücknehmen?',
    unacknowledgeLead:
      'Es wird erneut alarmiert, vom ersten Schritt an und zu jeder Stunde. Der Verlauf behält, wer es tat und warum.',
    reason: 'Grund',
    reasonHint: 'Wer als Nächstes alarmiert wird, liest ihn.',
    reasonMissing: 'Sagen Sie, warum sie zurückgenommen wird.',
    unacknowledgeConfirm: 'Erneut alarmieren',
    unacknowledged: 'Es wird erneut alarmiert.',
    exhausted: 'Erneut alarmieren …',
    exhaustedTitle: 'Erneut alarmieren?',
    exhaustedLead:
      'Niemand hat bestätigt, und es ist kein Schritt mehr übrig. Es wird erneut alarmiert, vom ersten Schritt an und zu jeder Stunde. Der Verlauf behält, wer es tat und warum.',
    exhaustedMissing: 'Sagen Sie, warum erneut alarmiert wird.',
    snooze: 'Zurückstellen …',
    snoozeTitle: 'Diesen Alarm zurückstellen?',
    snoozeLead: 'Er bleibt bestätigt. Wenn die Störung bis dahin nicht vorbei ist, wird erneut alarmiert.',
    length: 'Für wie lange',
    until: (when) => `Erneut alarmiert wird ${when}.`,
    snoozeConfirm: 'Zurückstellen',
    snoozed: 'Der Alarm ist zurückgestellt.',
  },
  acceptedTogether: (who, channel, count, answer) =>
    `${who}: ${channel} nahm es in einer Nachricht über ${plural(count, { one: '# Alarm', other: '# Alarme' })} an (${answer})`,
  folded: (count, when) =>
    `In zehn Minuten ${plural(count, { one: '#-mal', other: '#-mal' })} dringend, und es wurde alarmiert: Dauert es bis ${when} an, wird es wieder`,
  begunAgain: (who, reason) =>
    `Niemand hatte bestätigt, und kein Schritt war übrig: ${who} lässt erneut alarmieren${reason && `: ${reason}`}`,
  undelivered: (who, channel, answer) => `${who}: ${channel} kam nicht an (${answer})`,
  drill: 'Eine Übung: Es gibt keine Störung',
  drillBy: (who) => `Eine Übung, von ${who}: Es gibt keine Störung`,
  drillOver: 'Die Übung ist vorbei',
  mergedInto: (ticket, by) => `Das Ticket wurde mit #${ticket} zusammengeführt${by && ` (${by})`}`,
  mergedFrom: (ticket, by) =>
    `#${ticket} wurde mit diesem Ticket zusammengeführt${by && ` (${by})`}: Statt dieses Alarms geht jener weiter`,
  whys: {
    schedule: (name) => `in Bereitschaft nach dem Plan ${name}`,
    override: (name) => `in Bereitschaft nach dem Plan ${name} (Vertretung)`,
    named: 'im Eskalationsplan genannt',
    fallback: 'steht auf der Ersatzliste',
    supervisor: 'ist Supervisor, und niemand hat bestätigt',
  },
};
