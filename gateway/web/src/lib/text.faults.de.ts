import { pluralIn } from './plural.ts';
import type { FaultsText, Sentence } from './text.faults.ts';

const plural = pluralIn('de');

/** A sentence with the limit, and one for when the server does not say it. */
function limited(sentence: string, otherwise: string): Sentence {
  return (limit) => (limit === undefined ? otherwise : plural(limit, { other: sentence }));
}

const outdated = 'Dies wurde inzwischen geändert. Sehen Sie es an, und versuchen Sie es dann erneut.';
const notUnderstood =
  'Die Anfrage konnte nicht verarbeitet werden. Laden Sie die Seite neu, und versuchen Sie es erneut.';
const text = 'Dieser Text enthält Zeichen, die nicht erlaubt sind.';
const gone = 'Das gibt es nicht, oder Sie dürfen es nicht sehen.';
const forbidden = 'Dazu sind Sie nicht berechtigt.';
const login = 'Ihre Anmeldung gilt nicht mehr. Melden Sie sich erneut an.';
const choice = 'Dies steht nicht zur Auswahl.';
const zone = 'Diese Zeitzone gibt es nicht.';
const time = 'Das ist kein gültiger Zeitpunkt.';
const email = 'Das ist keine gültige E-Mail-Adresse, wie ada@example.com eine ist.';
const required = 'Hier fehlt eine Angabe.';
const member = 'Diese Person gehört nicht zur Organisation.';
const application = 'Diese Anwendung gibt es in der Organisation nicht.';
const nobody = 'Diese Person gibt es nicht.';
const organization = 'Diese Organisation gibt es nicht.';
const schedule = 'Diesen Bereitschaftsplan gibt es nicht.';
const unreachable = 'Niemand davon kann alarmiert werden.';

export const faultsDe: FaultsText = {
  named: (field, sentence) => `${field}: ${sentence}`,
  refused: 'Dies wurde abgelehnt.',
  wrong: 'Diese Angabe ist nicht gültig.',
  statuses: {
    400: 'Das ist so nicht möglich.',
    401: login,
    403: forbidden,
    404: gone,
    409: outdated,
    413: 'Das ist zu groß.',
  },
  fields: {
    subject: 'Betreff',
    description: 'Beschreibung',
    body: 'Text',
    ccs: 'CC',
    email: 'E-Mail-Adresse',
    name: 'Bezeichnung',
    filter: 'Suche',
    order_by: 'Reihenfolge',
    attachments: 'Dateien',
    filename: 'Dateiname',
    reason: 'Grund',
    texts: 'Stellen',
    type: 'Art',
    priority: 'Priorität',
    status: 'Status',
    assignee: 'Zuständig',
    team: 'Team',
    tags: 'Schlagwörter',
    requester: 'Gemeldet von',
    organization: 'Organisation',
    scope: 'Anwendungen',
    targets: 'Anwendungen',
    application: 'Anwendung',
    applications: 'Anwendungen',
    environment: 'Umgebung',
    impact: 'Auswirkungen',
    callback_number: 'Rückrufnummer',
    start_time: 'Beginn',
    end_time: 'Ende',
    earliest_time: 'Nicht vor',
    latest_time: 'Nicht nach',
    time_zone: 'Zeitzone',
    locale: 'Sprache',
    requirements: 'Anforderungen',
    expected: 'Erwartet',
    actual: 'Was geschieht',
    steps: 'Schritte zum Nachstellen',
    password: 'Passwort',
    phone: 'Telefonnummer',
  },
  reasons: {
    // What any field can have.
    REQUIRED: required,
    TOO_SHORT: (limit) =>
      limit === undefined || limit === 1 ? required : plural(limit, { other: 'Mindestens # Zeichen sind nötig.' }),
    TOO_LONG: limited('Höchstens # Zeichen sind möglich.', 'Das ist zu lang.'),
    TOO_FEW: (limit) =>
      limit === undefined || limit === 1 ? required : plural(limit, { other: 'Mindestens # Angaben sind nötig.' }),
    TOO_MANY: limited('Höchstens # sind möglich.', 'Das sind zu viele.'),
    OUT_OF_RANGE: 'Dieser Wert liegt außerhalb des Erlaubten.',
    MALFORMED: 'Diese Angabe hat nicht die erwartete Form.',
    INVALID: 'Diese Angabe ist nicht gültig.',
    INVALID_UTF8: text,
    TEXT_INVALID: text,
    NUL_CHARACTER: text,
    CONTROL_CHARACTER: 'Dies muss eine Zeile ohne Steuerzeichen sein.',
    UNKNOWN_VALUE: choice,
    UNKNOWN_ENUM: choice,
    DUPLICATE: 'Diesen Namen gibt es schon.',
    EMAIL_INVALID: email,
    ADDRESS_INVALID: email,
    INVALID_ADDRESS: email,
    INVALID_TIME: time,
    TIME_INVALID: time,
    INVALID_TIME_ZONE: zone,
    TIME_ZONE_UNKNOWN: zone,
    ZONE_UNKNOWN: zone,
    LOCALE_INVALID: 'Diese Sprache gibt es nicht.',

    // What only a page that is outdated, or something else on the way, can do.
    INVALID_FIELD: 'Eine Angabe ist nicht gültig.',
    BODY_UNREADABLE: notUnderstood,
    FIELD_DUPLICATE: notUnderstood,
    FIELD_NOT_UPDATABLE: notUnderstood,
    FIELD_UNKNOWN: notUnderstood,
    IDEMPOTENCY_KEY_INVALID: notUnderstood,
    INVALID_ORDER: 'Diese Reihenfolge gibt es nicht.',
    INVALID_POSITION: notUnderstood,
    JSON_MALFORMED: notUnderstood,
    MEDIA_TYPE_UNSUPPORTED: notUnderstood,
    METHOD_NOT_ALLOWED: notUnderstood,
    PAGE_SIZE_INVALID: notUnderstood,
    PAGE_TOKEN_INVALID: 'Die Liste hat sich inzwischen geändert. Laden Sie die Seite neu.',
    REPEATED: notUnderstood,
    REQUEST_INVALID: notUnderstood,
    REQUEST_UNREADABLE: notUnderstood,
    ROUTE_NOT_FOUND: notUnderstood,
    TOO_DEEP: notUnderstood,
    UNKNOWN_FIELD: notUnderstood,
    UPDATE_MASK_REQUIRED: notUnderstood,
    VALUE_INVALID: notUnderstood,
    CROSS_ORIGIN: 'Anfragen von Seiten anderer Herkunft werden abgelehnt.',
    MESSAGE_TOO_LARGE: 'Das ist zu viel auf einmal. Kürzen Sie es, oder hängen Sie es als Datei an.',

    // Who one is.
    CREDENTIALS_INVALID: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
    CREDENTIAL_INVALID: login,
    TOKEN_EXPIRED: login,
    TOKEN_INVALID: login,
    TOKEN_REQUIRED: login,
    TOKEN_REVOKED: login,
    LOGIN_REQUIRED: 'Dazu müssen Sie sich mit Ihrem Passwort anmelden.',
    NOT_ALLOWED: forbidden,
    SCOPE_MISSING: forbidden,
    STAFF_ONLY: 'Das darf nur das Support-Team.',
    SUPERVISOR_ONLY: 'Was alle haben, dürfen nur Leitung und Administration ändern.',
    NOT_YOU: 'Lassen Sie dies leer: Das sind Sie selbst.',
    NOT_YOURS: 'Lassen Sie dies leer: Es ist Ihre eigene Organisation.',
    PERSON_REMOVED: 'Dieses Konto wurde entfernt.',

    // Tickets.
    TICKET_NOT_FOUND: 'Dieses Ticket gibt es nicht, oder Sie dürfen es nicht sehen.',
    TICKET_UNKNOWN: 'Dieses Ticket gibt es nicht, oder es ist noch nicht überall bekannt.',
    TICKET_CHANGED: outdated,
    TICKET_CLOSED: 'Dieses Ticket ist geschlossen. Eine Antwort eröffnet ein Folgeticket.',
    TICKET_HIDDEN: 'Dieses Ticket wurde als Spam markiert oder gelöscht. Stellen Sie es zuerst wieder her.',
    TICKET_NOT_SOLVED: 'Nur ein gelöstes Ticket lässt sich wieder öffnen.',
    TICKET_SOLVED: 'Öffnen Sie die Störung zuerst wieder.',
    ETAG_MISMATCH: outdated,
    REQUEST_ID_REUSED: 'Ein früherer Versuch ist angekommen. Sehen Sie nach, bevor Sie es erneut senden.',
    REQUEST_UNKNOWN: notUnderstood,
    DUPLICATE_TICKET: 'Dieses Ticket wird schon geändert.',
    STATUS_UNCHANGED: 'Das Ticket hat diesen Status bereits.',
    INVALID_STATUS: 'Der Status muss „Offen“, „Wartend“, „Zurückgestellt“ oder „Gelöst“ sein.',
    INVALID_PRIORITY: 'Die Priorität muss „Niedrig“, „Normal“, „Hoch“ oder „Dringend“ sein.',
    INCIDENTS_ONLY: 'Diese Priorität können nur Störungen haben.',
    URGENT_INCIDENTS_ONLY: 'Nur Störungen können dringend sein.',
    PRIORITY_INCIDENTS_ONLY: 'Eine Priorität lässt sich nur für Störungen wählen.',
    TYPE_UNCHANGED: 'Das Ticket ist bereits von dieser Art.',
    TICKET_TYPE_UNKNOWN: 'Diese Art von Ticket gibt es nicht.',
    WRONG_TYPE: 'Diese Angaben gehören zu einer anderen Art von Ticket.',
    INVALID_NUMBER: 'Erlaubt sind Ziffern, Leerzeichen und + ( ) . / -',
    WINDOW_REVERSED: 'Das Ende darf nicht vor dem Beginn liegen.',
    INVALID_TAG: '1 bis 50 Zeichen: Kleinbuchstaben, Ziffern, Punkt, Binde- und Unterstrich.',
    UNKNOWN_STAFF: 'Diese Person gehört nicht zum Support-Team.',
    UNKNOWN_MEMBER: member,
    UNKNOWN_ORGANIZATION: organization,
    ORGANIZATION_UNKNOWN: organization,
    UNKNOWN_APPLICATION: application,
    APPLICATION_UNKNOWN: application,
    APPLICATION_DENIED: 'Wählen Sie eine oder mehrere Ihrer Anwendungen.',
    UNKNOWN_ENVIRONMENT: 'Diese Umgebung gibt es in der Anwendung nicht.',
    SCOPE_AMBIGUOUS: 'Wählen Sie entweder alle Anwendungen oder einzelne.',
    CC_NOT_FOUND: 'Niemand mit dieser Adresse erhält Kopien des Tickets.',
    MESSAGE_NOT_FOUND: 'Diese Nachricht gibt es in dem Ticket nicht.',
    TEXT_NOT_FOUND: 'Dies steht nicht in der Nachricht.',
    REASON_REPEATS_TEXT: 'Der Grund darf nicht wiederholen, was entfallen soll: Er bleibt im Verlauf stehen.',

    // Files.
    ATTACHMENT_NOT_FOUND: 'Diese Datei gibt es nicht, oder Sie dürfen sie nicht sehen.',
    ATTACHMENT_TOO_LARGE: limited('Eine Datei darf höchstens # MiB groß sein.', 'Die Datei ist zu groß.'),
    UNKNOWN_ATTACHMENT:
      'Eine Datei ist nicht mehr vorhanden oder gehört zu einer anderen Nachricht. Fügen Sie sie erneut hinzu.',
    SIZE_MISMATCH: 'Die Datei ist nicht vollständig angekommen. Versuchen Sie es erneut.',
    RANGE_NOT_SATISFIABLE: 'Diesen Teil hat die Datei nicht.',

    // Lists and views.
    QUERY_TOO_LONG: limited('Eine Suche darf höchstens # Zeichen lang sein.', 'Die Suche ist zu lang.'),
    QUERY_TOO_COMPLEX: limited('Eine Suche darf höchstens # Teile haben.', 'Die Suche hat zu viele Teile.'),
    UNKNOWN_KEY: 'Die Suche enthält einen Schlüssel, den es nicht gibt.',
    EMPTY_VALUE: 'In der Suche fehlt ein Wert.',
    INVALID_DATE: 'Die Suche enthält ein Datum, das keines ist.',
    NO_WORDS: 'Ein Teil der Suche enthält keine Wörter.',
    NOT_NEGATABLE: 'Ein Teil der Suche kann nicht mit einem Minus ausgeschlossen werden.',
    VIEW_NOT_FOUND: 'Diese Ansicht gibt es nicht mehr.',
    TOO_MANY_VIEWS: limited(
      'Eine Person kann höchstens # Ansichten haben: Löschen Sie zuerst eine.',
      'Sie haben zu viele Ansichten: Löschen Sie zuerst eine.',
    ),

    // Pages, mails, and who is on call.
    PAGE_UNKNOWN: 'Diesen Alarm gibt es nicht.',
    PAGE_CHANGED: outdated,
    PAGE_OVER: 'Dieser Alarm ist bereits beendet.',
    PAGE_ACKNOWLEDGED: 'Dieser Alarm ist bereits bestätigt.',
    PAGE_EXHAUSTED: 'Es gibt keinen weiteren Schritt.',
    ACK_LINK_INVALID: 'Dieser Link gilt nicht.',
    DELIVERY_UNKNOWN: 'Diese Sendung gibt es nicht.',
    PERSON_UNKNOWN: nobody,
    PERSON_NOT_FOUND: nobody,
    PERSON_UNREACHABLE: 'Diese Person kann nicht alarmiert werden.',
    NOBODY_REACHABLE: unreachable,
    TARGET_UNREACHABLE: unreachable,
    SCHEDULE_UNKNOWN: schedule,
    OVERRIDE_UNKNOWN: 'Diese Vertretung gibt es nicht.',
    INTERVAL_INVALID: 'Das Ende muss nach dem Beginn liegen.',
    DURATION_INVALID: 'Die Dauer darf nicht negativ sein.',
    POLICY_UNKNOWN: 'Diesen Eskalationsplan gibt es nicht.',
    POLICY_ID_UNSUPPORTED: 'Es kann nur den Eskalationsplan „default“ geben.',
    CONTACT_UNKNOWN: 'Diese Kontaktangabe gibt es nicht.',
    CONTACT_CHANGED: outdated,
    NOT_YOUR_CONTACT: 'Die Kontaktangaben anderer sehen und ändern nur Leitung und Administration.',
    TOO_MANY_CONTACTS: limited('Eine Person hat höchstens # Kontaktangaben.', 'Das sind zu viele Kontaktangaben.'),
    SECRET_INVALID: 'Dieser Schlüssel ist nicht gültig.',
    URL_INVALID: 'Das ist keine gültige Adresse eines Webhooks.',
    URL_FORBIDDEN: 'An diese Adresse darf nichts gesendet werden.',

    // Organizations, people and their accounts.
    ORGANIZATION_NOT_FOUND: organization,
    APPLICATION_NOT_FOUND: 'Diese Anwendung gibt es nicht.',
    APPLICATION_EXISTS: 'Eine Anwendung mit diesem Namen gibt es schon.',
    APPLICATION_IN_USE: 'Jemand ist auf diese Anwendung beschränkt.',
    KIND_REQUIRED: 'Wählen Sie Produktion, Staging oder Entwicklung.',
    PLAN_UNKNOWN: choice,
    ROLE_REQUIRED: 'Wählen Sie eine der Rollen.',
    ADMIN_LIMITED: 'Wer die Organisation verwaltet, sieht alle Anwendungen.',
    LAST_ADMIN: 'Eine Person muss die Organisation verwalten.',
    STAFF_EXISTS: 'Es gibt bereits ein Support-Team.',
    EMAIL_EXISTS: 'Eine Person mit dieser E-Mail-Adresse gibt es schon.',
    PASSWORD_LENGTH: 'Ein Passwort hat 12 bis 1024 Bytes.',
    PASSWORD_WRONG: 'Das ist nicht das bisherige Passwort.',
    PASSWORD_CHANGED: 'Das Passwort wurde inzwischen geändert.',
    API_TOKEN_NOT_FOUND: 'Diesen API-Token gibt es nicht.',
    TOO_MANY_API_TOKENS: limited(
      'Sie haben bereits # API-Tokens: Löschen Sie zuerst einen.',
      'Sie haben zu viele API-Tokens.',
    ),
    LIFETIME_RANGE: 'Möglich sind bis zu 366 Tage.',
    SESSION_NOT_FOUND: 'Diese Sitzung gibt es nicht mehr.',
  },
};
