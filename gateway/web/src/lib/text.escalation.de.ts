import { pluralIn } from './plural.ts';
import type { EscalationText } from './text.escalation.en.ts';

const plural = pluralIn('de');

export const escalationDe: EscalationText = {
  title: 'Eskalation',
  lead: 'Wer bei einer dringenden Störung in welcher Reihenfolge alarmiert wird, bis jemand bestätigt.',
  failed: 'Der Eskalationsplan konnte nicht geladen werden',
  none: 'Es gibt noch keinen Eskalationsplan: Technik und Leitung werden alle auf einmal alarmiert.',
  steps: 'Schritte',
  step: (n) => `Schritt ${n}`,
  onCall: (schedule) => `wer nach dem Plan ${schedule} in Bereitschaft ist`,
  everyone: (schedule) => `alle aus dem Plan ${schedule}`,
  waits: (span) => `dann ${span} Zeit zu antworten`,
  loops: (n) =>
    n === 1
      ? 'Die Schritte werden einmal durchlaufen.'
      : plural(n, { other: 'Die Schritte werden # Mal durchlaufen.' }),
  fallback: (names) => `Wenn dann niemand bestätigt hat, und immer wenn sonst niemand erreichbar ist: ${names}.`,
  again: (span) =>
    `Nach einer Bestätigung wird nach ${span} erneut alarmiert, wenn das Ticket bis dahin weder gelöst noch beantwortet ist.`,
  notAgain: 'Nach einer Bestätigung wird nicht von selbst erneut alarmiert.',
  open: 'Für offene Alarme gilt weiter, was bei ihrem Beginn galt.',
  only: 'Die Leitung ändert ihn.',
  change: 'Eskalationsplan ändern',
  create: 'Eskalationsplan anlegen',
  form: {
    title: 'Eskalationsplan ändern',
    targets: 'Wer alarmiert wird',
    targetsOf: (n) => `Wer in Schritt ${n} alarmiert wird`,
    find: 'Plan oder Person finden',
    choose: 'Wählen',
    targetsMissing: 'Wählen Sie, wer alarmiert wird.',
    people: 'Personen',
    timeout: 'Minuten bis zum nächsten Schritt',
    timeoutWrong: 'Geben Sie Minuten an, bis zu 24 Stunden.',
    up: (n) => `Schritt ${n} nach oben`,
    down: (n) => `Schritt ${n} nach unten`,
    remove: (n) => `Schritt ${n} entfernen`,
    moved: (n) => `Er ist jetzt Schritt ${n}.`,
    add: 'Schritt hinzufügen',
    loops: 'Wie oft die Schritte durchlaufen werden',
    times: (n) => plural(n, { one: 'einmal', other: '# Mal' }),
    fallback: 'Ersatzliste',
    fallbackHint:
      'Diese Personen werden nach dem letzten Schritt alarmiert, und immer wenn sonst niemand erreichbar ist.',
    findPerson: 'Person finden',
    fallbackMissing: 'Wählen Sie mindestens eine Person.',
    again: 'Minuten, bis nach einer Bestätigung erneut alarmiert wird',
    againHint: 'Wenn das Ticket bis dahin weder gelöst noch beantwortet ist. Leer heißt nie.',
    againWrong: 'Geben Sie Minuten an, oder nichts.',
    save: 'Speichern',
    saved: 'Der Eskalationsplan ist gespeichert.',
    conflict: 'Jemand anderes hat den Eskalationsplan inzwischen geändert. Jetzt lautet er:',
    keepMine: 'Meinen trotzdem speichern',
    takeTheirs: 'Den anderen übernehmen',
  },
};
