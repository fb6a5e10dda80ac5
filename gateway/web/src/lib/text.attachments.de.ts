import type { AttachmentsText } from './text.attachments.en.ts';

export const attachmentsDe: AttachmentsText = {
  label: 'Dateien',
  add: 'Dateien anhängen',
  hint: 'Ziehen Sie sie hierher, fügen Sie sie ein, oder wählen Sie sie aus: bis zu 20 mit je 25 MiB.',
  drop: 'Dateien hier ablegen',
  list: 'Dateien, die gesendet werden',
  files: 'Dateien dieser Nachricht',
  uploading: (percent) => `Wird hochgeladen, ${percent} %`,
  waiting: 'Wartet, bis sie an der Reihe ist',
  uploaded: (name) => `${name} wurde hochgeladen`,
  failed: (name, why) => `${name}: ${why}`,
  cancel: (name) => `Hochladen abbrechen: ${name}`,
  remove: (name) => `${name} entfernen`,
  again: (name) => `Erneut versuchen: ${name}`,
  retry: 'Erneut versuchen',
  cancelShort: 'Abbrechen',
  removeShort: 'Entfernen',
  download: (name) => `${name} herunterladen`,
  preview: (name) => `${name} anzeigen`,
  hide: (name) => `${name} ausblenden`,
  show: 'Anzeigen',
  hideShort: 'Ausblenden',
  loading: 'Wird geladen …',
  previewFailed: 'Das Bild konnte nicht geladen werden.',
  gone: 'Dateien werden einen Tag lang aufbewahrt. Diese ist nicht mehr vorhanden: Fügen Sie sie erneut hinzu.',
  busy: 'Warten Sie, bis die Dateien hochgeladen sind, oder entfernen Sie die fehlgeschlagenen.',
  size: (bytes) => {
    if (bytes < 1024) return `${bytes} B`;
    const kib = bytes / 1024;
    return kib < 1024 ? `${Math.round(kib)} KiB` : `${(kib / 1024).toFixed(1).replace('.', ',')} MiB`;
  },
  errors: {
    empty: 'Die Datei ist leer.',
    tooLarge: 'Die Datei ist größer als 25 MiB.',
    tooMany: 'Eine Nachricht kann höchstens 20 Dateien enthalten.',
    unclaimed:
      'Sie haben zu viele Dateien, die nicht gesendet wurden. Entfernen Sie einige, oder versuchen Sie es morgen erneut.',
    program: 'Programme werden nicht angenommen. Packen Sie es in ein Archiv, wenn es nötig ist.',
    name: 'Der Name der Datei kann nicht verwendet werden.',
    offline: 'Die Verbindung ist abgebrochen.',
    session: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an, und versuchen Sie es dann noch einmal.',
  },
};
