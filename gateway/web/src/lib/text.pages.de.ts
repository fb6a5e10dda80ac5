import { pluralIn } from './plural.ts';
import type { PagesText } from './text.pages.en.ts';

const plural = pluralIn('de');

export const pagesDe: PagesText = {
  channels: { webhook: 'Webhook', email: 'E-Mail', pagerduty: 'PagerDuty' },
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
  whys: {
    schedule: (name) => `in Bereitschaft nach dem Plan ${name}`,
    override: (name) => `in Bereitschaft nach dem Plan ${name} (Vertretung)`,
    named: 'im Eskalationsplan genannt',
    fallback: 'steht auf der Ersatzliste',
    supervisor: 'ist Supervisor, und niemand hat bestätigt',
  },
};
