import { en, type Text } from './text.en.ts';

/** What the dashboard says, in the reader's language. */
export const text: Text = en;
