import { pluralIn } from './plural.ts';
import type { Text } from './text.en.ts';

const plural = pluralIn('de');

export const de: Text = {
  product: 'Altis',
  common: {
    loading: 'Wird geladen …',
    retry: 'Erneut versuchen',
    cancel: 'Abbrechen',
    close: 'Schließen',
    skip: 'Zum Inhalt springen',
    optional: 'optional',
    you: 'Sie',
    requestId: (id) => `Anfrage ${id}`,
    remove: (what) => `${what} entfernen`,
    write: 'Schreiben',
    preview: 'Vorschau',
    nothing: 'Noch nichts anzuzeigen.',
    restored: 'Ihr Entwurf wurde wiederhergestellt.',
    notKept:
      'Dieser Browser speichert nichts für diese Seite, Entwürfe werden deshalb nicht aufbewahrt. Senden Sie, bevor Sie die Seite verlassen.',
    emailInvalid: 'Das ist keine gültige E-Mail-Adresse.',
  },
  time: {
    now: 'gerade eben',
    at: (time) => `um ${time} Uhr`,
    onAt: (day, time) => `am ${day} um ${time} Uhr`,
  },
  nav: {
    label: 'Hauptnavigation',
    menu: 'Menü',
    applications: 'Anwendungen',
    support: 'Support',
    account: 'Konto',
    logout: 'Abmelden',
    theme: 'Darstellung',
    themes: { system: 'System', light: 'Hell', dark: 'Dunkel' },
    staff: 'Support-Team',
    settings: 'Einstellungen',
    commands: 'Befehle',
  },
  login: {
    title: 'Anmelden',
    lead: 'Support-Tickets erstellen, ansehen und beantworten.',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    submit: 'Anmelden',
    wrong: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
    demo: 'Dies ist eine Demo. Melden Sie sich an als',
    roles: { customer: 'Kundin', agent: 'Support', 'on-call engineer': 'Bereitschaft' },
    tryThis: 'Was Sie ausprobieren können',
    tries: [
      'Öffnen Sie als Kundin den Support und melden Sie eine dringende Störung.',
      'Sehen Sie unter /dev/outbox, wie der Alarm und die E-Mails hinausgehen, und bestätigen Sie ihn dort.',
      'Beobachten Sie das Ticket: Es zeigt, wer wann bestätigt hat.',
      'Antworten Sie als Mitarbeiter und lösen Sie das Ticket.',
      'Finden Sie es als Kundin unter „Frühere“ wieder.',
    ],
    again: 'Ihre Sitzung ist abgelaufen',
    againLead: 'Melden Sie sich erneut an, um fortzufahren. Von Ihren Eingaben geht nichts verloren.',
    other: 'Als andere Person anmelden',
  },
  emergency: {
    title: 'Notfalladresse',
    warning:
      'Nur bei schwerwiegenden Ausfällen oder Fehlfunktionen, wenn Sie dieses Dashboard nicht nutzen können: Eine E-Mail an diese Adresse alarmiert sofort die Bereitschaft.',
    otherwise: 'Erstellen Sie sonst bitte hier ein Ticket, damit es die richtigen Personen erreicht.',
  },
  errors: {
    offline: 'Sie sind offline, oder der Server ist nicht erreichbar.',
    unavailable: 'Auf unserer Seite antwortet etwas nicht. Bitte versuchen Sie es gleich noch einmal.',
    internal: 'Auf unserer Seite ist ein Fehler aufgetreten.',
    tooMany: (seconds) =>
      `Zu viele Anfragen. Bitte warten Sie ${plural(seconds, { one: 'eine Sekunde', other: '# Sekunden' })}.`,
    notFound: 'Seite nicht gefunden',
    notFoundLead: 'Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen.',
    broken: 'Diese Seite kann nicht angezeigt werden',
    brokenLead: 'Ein unerwarteter Fehler ist aufgetreten. Ihre Eingaben bleiben erhalten.',
    newVersion: 'Es gibt eine neue Version des Dashboards.',
    reload: 'Neu laden',
    home: 'Zurück zum Dashboard',
    online: 'Sie sind offline. Ihre Eingaben bleiben auf diesem Gerät erhalten.',
    onlineNotKept: 'Sie sind offline. Lassen Sie diese Seite geöffnet: Ihre Eingaben werden nicht aufbewahrt.',
    away: 'Das Dashboard ist nicht erreichbar',
    awayLead: 'Sie sind offline, oder der Server antwortet nicht. Tickets und Entwürfe sind sicher.',
    down: 'Das Dashboard ist nicht verfügbar',
    downLead:
      'Auf unserer Seite antwortet etwas nicht, und wir arbeiten bereits daran. Tickets und Entwürfe sind sicher.',
  },
};
