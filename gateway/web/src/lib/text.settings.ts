import { inLanguage } from './locale.ts';
import { type SettingsText, settingsEn } from './text.settings.en.ts';

/** What the settings say, in the reader's language. */
export const settingsText: SettingsText = await inLanguage(settingsEn, {
  de: () => import('./text.settings.de.ts').then((file) => file.settingsDe),
});
