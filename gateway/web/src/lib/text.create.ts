import { type CreateText, createEn } from './text.create.en.ts';

/** What the form of a new ticket says, in the reader's language. */
export const createText: CreateText = createEn;
