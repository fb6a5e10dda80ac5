import { inLanguage } from './locale.ts';
import { type LayersText, layersEn } from './text.layers.en.ts';

/** What is said where schedules are made and changed, in the reader's language. */
export const layersText: LayersText = await inLanguage(layersEn, {
  de: () => import('./text.layers.de.ts').then((file) => file.layersDe),
});
