import { pluralIn } from './plural.ts';
import type { CommandText } from './text.commands.en.ts';

const plural = pluralIn('de');

export const commandsDe: CommandText = {
  title: 'Befehle',
  placeholder: 'Befehl, Wörter eines Tickets oder dessen Nummer eingeben',
  list: 'Befehle und Tickets',
  none: 'Nichts gefunden',
  found: (n) =>
    n === 0
      ? 'Nichts gefunden'
      : plural(n, { one: '# Eintrag, mit den Pfeiltasten', other: '# Einträge, mit den Pfeiltasten' }),
  groups: {
    go: 'Gehe zu',
    create: 'Erstellen',
    list: 'In einer Liste',
    ticket: 'In einem Ticket',
    look: 'Darstellung',
    tickets: 'Tickets',
    help: 'Hilfe',
  },
  help: 'Tastenkürzel',
  helpOff: 'Tastenkürzel mit einer einzelnen Taste sind ausgeschaltet.',
  helpOn: 'Während Sie tippen, ruhen sie.',
  helpTurnOn: 'Einschalten',
  helpTurnOff: 'Ausschalten',
  sequence: 'dann',
  palette: 'Befehle',
  open: 'Offene Tickets',
  previous: 'Frühere Tickets',
  applications: 'Anwendungen',
  settings: 'Einstellungen',
  create: 'Neues Ticket',
  search: 'Tickets durchsuchen',
  down: 'Nächste Zeile',
  up: 'Vorherige Zeile',
  enter: 'Zeile öffnen',
  reply: 'Antworten',
  send: 'Geschriebenes senden',
  solve: 'Als gelöst markieren',
  next: 'Nächstes Ticket der Liste',
  before: 'Vorheriges Ticket der Liste',
  back: 'Zurück zur Liste',
  number: (n) => `Ticket #${n} öffnen`,
  queue: 'Warteschlange',
  onCall: 'Bereitschaft',
  note: 'Interne Notiz schreiben',
  assignToMe: 'Mir zuweisen',
  changeType: 'Art des Tickets ändern',
  changeRequester: 'Meldende Person des Tickets ändern',
  markSpam: 'Ticket als Spam markieren',
  deleteTicket: 'Ticket löschen',
  mark: 'Zeile markieren',
  markRange: 'Alle Zeilen bis hierher markieren',
  closePane: 'Ticket neben der Liste schließen',
  themes: { system: 'Darstellung wie das System', light: 'Helle Darstellung', dark: 'Dunkle Darstellung' },
};
