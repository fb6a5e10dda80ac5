import { inLanguage } from './locale.ts';
import { type StaffText, staffEn } from './text.staff.en.ts';

/** What the pages of support staff say, in the reader's language. */
export const staffText: StaffText = await inLanguage(staffEn, {
  de: () => import('./text.staff.de.ts').then((file) => file.staffDe),
});
