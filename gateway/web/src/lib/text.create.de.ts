import { pluralIn } from './plural.ts';
import type { CreateText } from './text.create.en.ts';

const plural = pluralIn('de');

export const createDe: CreateText = {
  title: 'Neues Ticket',
  type: 'Wobei benötigen Sie Hilfe?',
  types: {
    incident: {
      name: 'Störung melden',
      short: 'Etwas ist ausgefallen und beeinträchtigt Ihr Geschäft.',
      guidance: [
        'Störungen sind ungeplante Ereignisse, die den Betrieb oder dessen Qualität beeinträchtigen: ein Problem mit der Hosting-Infrastruktur oder ein schwerer Fehler in der Altis-Software.',
        'Beeinträchtigt etwas Ihren Geschäftsbetrieb unmittelbar, ist es eine Störung. Auch eine Störung, die die meisten Ihrer Nutzer nicht betrifft, verdient Beachtung: Wählen Sie die Priorität, die den Auswirkungen entspricht.',
      ],
    },
    problem: {
      name: 'Anhaltendes Problem melden',
      short: 'Ein Fehler, oder etwas, das zu Störungen führen kann.',
      guidance: [
        'Anhaltende Probleme sind die tatsächliche oder mögliche Ursache künftiger Störungen. Melden Sie hier, wenn Sie auf einen Fehler stoßen oder Schwierigkeiten kommen sehen.',
        'Bitte grenzen Sie einen Fehler so weit wie möglich ein, bevor Sie ihn melden. Lässt er sich mit Altis im Auslieferungszustand nicht nachstellen, können wir möglicherweise nicht helfen: Code von Dritten und eigener Code sind nicht abgedeckt.',
      ],
    },
    task: {
      name: 'Änderung der Infrastruktur anfordern',
      short: 'Eine neue Umgebung, ein PHP-Upgrade, Arbeiten an der Cloud.',
      guidance: [
        'Für Arbeiten, die das Cloud-Team ausführt, etwa eine weitere Umgebung oder ein Upgrade der PHP-Version. Beschreiben Sie sie bitte genau, mit allen Anforderungen und Zeitvorgaben.',
        'Anfragen für denselben Tag können wir nicht garantieren; wenn es die Auslastung zulässt, erledigen wir sie.',
      ],
    },
    question: {
      name: 'Frage stellen',
      short: 'Etwas Technisches, oder eine Funktion, die unklar ist.',
      guidance: [
        'Sie haben eine Frage? Nur zu! Unser Support-Team beantwortet technische Fragen und erläutert Funktionen, so gut es kann.',
      ],
    },
  },
  priority: 'Priorität',
  priorities: {
    low: 'Geringe Auswirkungen. Es kann warten.',
    normal: 'Einige Nutzer sind betroffen, oder das Problem lässt sich umgehen.',
    high: 'Der Betrieb ist eingeschränkt und lässt sich kaum oder gar nicht umgehen.',
    urgent: 'Ein Ausfall, oder die meisten Nutzer sind jetzt betroffen. Alarmiert die Bereitschaft.',
  },
  urgentTitle: '„Dringend“ alarmiert sofort die Bereitschaft',
  urgentLead:
    'Zu jeder Uhrzeit wird die Bereitschaft geweckt, und wir gehen der Sache sofort nach. Nur bei einem Ausfall. Diese Angaben helfen dabei:',
  since: 'Seit wann?',
  sinceHint: 'In Ihrer Zeitzone.',
  impact: 'Wie wirkt es sich aus?',
  impactHint: 'Was Nutzer nicht tun können, und wie viele betroffen sind.',
  callback: 'Rückrufnummer',
  callbackHint: 'Mit der Landesvorwahl.',
  confirm: 'Alarmieren Sie jetzt die Bereitschaft. Es ist ein Ausfall, oder die meisten Nutzer sind betroffen.',
  scope: 'Anwendungen',
  scopeHint: 'Die Anwendungen und Umgebungen, um die es geht.',
  scopeAll: 'Alle Anwendungen und Umgebungen',
  noApplications: 'Es gibt keine Anwendungen zur Auswahl.',
  subject: 'Betreff',
  subjectHint: 'Eine kurze Beschreibung.',
  description: 'Beschreibung',
  descriptionHint: 'Sie können Markdown verwenden. Bitte fügen Sie keine Passwörter oder Schlüssel ein.',
  ccs: 'CC',
  ccsHint:
    'Weitere Personen, die Kopien des Schriftwechsels erhalten. Drücken Sie nach jeder Adresse die Eingabetaste.',
  ccsLabel: 'Personen in CC',
  problem: {
    kind: 'Worum handelt es sich?',
    bug: 'Ein Fehler: etwas funktioniert nicht richtig',
    risk: 'Ein Risiko: etwas, das zu Störungen führen kann',
    checklist: 'Bevor Sie melden',
    updates: 'Ich habe nach Aktualisierungen gesucht',
    trace:
      'Ich habe den ganzen Trace gelesen: Was von der Plattform zu kommen scheint, kann von einem Plugin oder eigenem Code stammen',
    fresh: 'Tritt es in einer frischen Installation ohne eigenen Code auf?',
    locally: 'Tritt es lokal auf?',
    expected: 'Was erwarten Sie?',
    actual: 'Was geschieht stattdessen?',
    actualRisk: 'Was beobachten Sie?',
    steps: 'Schritte zum Nachstellen',
    reduced: 'Minimales Beispiel',
    reducedHint: 'So wenig Code oder Konfiguration wie möglich, mit denen es auftritt.',
    environments: 'Umgebungen und Konfiguration',
    environmentsHint: 'In welchen Umgebungen es auftritt, und was an ihnen besonders ist.',
    traces: 'Trace oder Protokoll',
  },
  task: {
    kind: 'Was soll sich ändern?',
    requirements: 'Anforderungen',
    requirementsHint: 'Versionen, Größen, Namen, zu kopierende Daten; was nicht geschehen darf.',
    earliest: 'Nicht vor',
    latest: 'Nicht nach',
    sameDay:
      'Anfragen für denselben Tag können wir nicht garantieren. Wenn es die Auslastung zulässt, erledigen wir sie.',
    zone: (zone) => `Zeiten gelten in Ihrer Zeitzone, ${zone}.`,
  },
  submit: 'Ticket erstellen',
  submitUrgent: 'Ticket erstellen und alarmieren',
  sending: 'Wird erstellt …',
  discard: 'Entwurf verwerfen',
  discardTitle: 'Möchten Sie verwerfen, was Sie geschrieben haben?',
  discardLead: 'Nichts davon bleibt erhalten.',
  kept: 'Entwurf auf diesem Gerät gespeichert',
  created: (n) => `Ticket #${n} wurde erstellt.`,
  reused: 'Ein früherer Versuch ist angekommen: Sehen Sie in Ihrer Liste nach, bevor Sie noch einmal senden.',
  errors: {
    organization: 'Wählen Sie die Organisation.',
    requester: 'Wählen Sie, wer gefragt hat.',
    type: 'Wählen Sie, wobei Sie Hilfe benötigen.',
    subject: 'Geben Sie einen Betreff ein.',
    subjectLong: 'Höchstens 200 Zeichen.',
    description: 'Beschreiben Sie Ihr Anliegen.',
    scope: 'Wählen Sie mindestens eine Anwendung, oder alle.',
    callback: 'Nur Ziffern, Leerzeichen und + ( ) . / -',
    impact: 'Geben Sie an, was betroffen ist.',
    confirm: 'Bestätigen Sie, dass die Bereitschaft alarmiert werden soll, oder wählen Sie eine andere Priorität.',
    window: 'Das Ende darf nicht vor dem Beginn liegen.',
    summary: (n) => plural(n, { one: 'Bitte korrigieren Sie ein Feld.', other: 'Bitte korrigieren Sie # Felder.' }),
  },
  about: 'Wie es weitergeht',
  next: {
    urgent: 'Die Bereitschaft wird sofort alarmiert. Das Ticket zeigt, wer wann bestätigt hat.',
    incident:
      'Das Support-Team kümmert sich nach Priorität darum. Das Ticket zeigt, bis wann Sie eine erste Antwort erhalten.',
    other: 'Das Support-Team antwortet Ihnen und allen in CC im Ticket und per E-Mail.',
  },
};
