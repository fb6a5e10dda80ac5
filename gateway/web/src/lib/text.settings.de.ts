import type { SettingsText } from './text.settings.en.ts';

export const settingsDe: SettingsText = {
  title: 'Einstellungen',
  account: 'Ihr Konto',
  accountLead: 'Diese Angaben gelten auf allen Ihren Geräten.',
  language: 'Sprache',
  zone: 'Zeitzone',
  zoneHint: 'Alle Zeiten werden in dieser Zone angezeigt und eingegeben.',
  zoneDevice: (zone) => `Wie dieses Gerät (${zone})`,
  now: (time) => `Dort ist es jetzt ${time}.`,
  save: 'Speichern',
  saving: 'Wird gespeichert …',
  saved: 'Ihre Einstellungen wurden gespeichert.',
  device: 'Dieses Gerät',
  deviceLead: 'Diese Angaben bleiben in diesem Browser.',
  theme: 'Darstellung',
  keys: 'Tastenkürzel mit einer einzelnen Taste',
  keysLabel: 'Tasten ohne Strg, etwa C für ein neues Ticket',
  keysHint:
    'Schalten Sie sie aus, wenn Sie per Sprache eingeben oder Tasten versehentlich drücken. Strg+K funktioniert immer.',
  keysShow: 'Alle Tastenkürzel anzeigen',
};
