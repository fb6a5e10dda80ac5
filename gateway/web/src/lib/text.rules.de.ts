import type { RulesText } from './text.rules.en.ts';

export const rulesDe: RulesText = {
  title: 'Reihenfolge und Ruhezeiten',
  failed: 'Reihenfolge und Ruhezeiten konnten nicht geladen werden',
  urgent: 'Alarme zu dringenden Störungen',
  normal: 'Alarme zu allem, was nicht dringend ist',
  quiet: 'Ruhezeiten',
  atOnce: 'Sofort',
  after: (span) => `Nach ${span}`,
  unverified: 'Nicht bestätigt: wird übergangen',
  rest: 'Danach die übrigen bestätigten Kontaktangaben, jede, wenn die vorige gescheitert ist.',
  inOrder:
    'Es ist keine Reihenfolge festgelegt: Die bestätigten Kontaktangaben werden so versucht, wie sie oben stehen, jede, wenn die vorige gescheitert ist.',
  asUrgent: 'Es ist keine Reihenfolge festgelegt: wie bei dringenden Störungen.',
  holds:
    'Mitteilungen zur Bereitschaft warten, bis sie enden. Alarme warten nie, auch die nicht, die nicht dringend sind.',
  none: 'Es gibt keine: Mitteilungen zur Bereitschaft kommen jederzeit.',
  zone: (city) => `Zeit von ${city}`,
  change: 'Reihenfolge und Ruhezeiten ändern',
  form: {
    urgentHint:
      'Ein Schritt entfällt, sobald jemand bestätigt hat. Scheitert eine Kontaktangabe, wird sofort die nächste versucht. Kontaktangaben ohne Schritt kommen zuletzt.',
    normalHint:
      'Ohne Schritte gehen sie wie die zu dringenden Störungen. Mitteilungen zur Bereitschaft gehen an die erste E-Mail.',
    none: 'Noch keine Schritte.',
    noContacts: 'Fügen Sie zuerst eine Kontaktangabe hinzu.',
    contact: 'Kontaktangabe',
    contactOf: (n) => `Kontaktangabe von Schritt ${n}`,
    delay: (n) => `Minuten bis zum Schritt ${n}`,
    delayHint: 'Seit dem Beginn des Alarms.',
    delayWrong: 'Geben Sie Minuten ein, höchstens eine Stunde.',
    delayOrder: 'Er darf nicht vor dem Schritt darüber kommen.',
    first: 'Der erste Schritt kommt sofort.',
    up: (n) => `Schritt ${n} nach oben`,
    down: (n) => `Schritt ${n} nach unten`,
    remove: (n) => `Schritt ${n} entfernen`,
    moved: (n) => `Es ist jetzt Schritt ${n}.`,
    add: 'Schritt hinzufügen',
    zone: 'Zeitzone',
    save: 'Speichern',
    saved: 'Reihenfolge und Ruhezeiten sind gespeichert.',
  },
};
