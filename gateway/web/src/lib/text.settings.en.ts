/** What the settings say in English: apart, as it is loaded with their page only. */
export const settingsEn = {
  title: 'Settings',
  account: 'Your account',
  accountLead: 'These follow you to every device.',
  language: 'Language',
  zone: 'Time zone',
  zoneHint: 'All times are shown and read in it.',
  zoneDevice: (zone: string) => `Same as this device (${zone})`,
  now: (time: string) => `Now it is ${time} there.`,
  save: 'Save',
  saving: 'Saving…',
  saved: 'Your settings were saved.',
  device: 'This device',
  deviceLead: 'These stay in this browser.',
  theme: 'Appearance',
  keys: 'Single-key shortcuts',
  keysLabel: 'Keys without Ctrl, such as C for a new ticket',
  keysHint: 'Turn them off if you use speech input, or press keys by mistake. Ctrl+K always works.',
  keysShow: 'Show all shortcuts',
};

export type SettingsText = typeof settingsEn;
