import { attachmentsText as say } from '../../lib/text.attachments.ts';
import { Button } from '../../ui/button.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import type { Files, KeptFile, Pending } from './files.ts';
import './attachments.css';

/** Where files are added to a message that is being written. */
export default function AttachmentField({ files }: { files: Files }) {
  const some = files.kept.length + files.pending.length > 0;
  return (
    <DropZone label={say.label} hint={say.hint} drop={say.drop} button={say.add} onFiles={files.add}>
      {some && (
        <ul className="files" aria-label={say.list}>
          {files.kept.map((file) => (
            <KeptRow key={file.id} file={file} gone={files.gone.has(file.id)} onRemove={() => files.remove(file.id)} />
          ))}
          {files.pending.map((p) => (
            <PendingRow key={p.key} pending={p} files={files} />
          ))}
        </ul>
      )}
    </DropZone>
  );
}

function KeptRow({ file, gone, onRemove }: { file: KeptFile; gone: boolean; onRemove: () => void }) {
  return (
    <li className="file">
      <span className="file-name">{file.filename}</span>
      <span className="muted small">{say.size(Number(file.size))}</span>
      <Button look="quiet" aria-label={say.remove(file.filename)} onClick={onRemove}>
        {say.removeShort}
      </Button>
      {gone && (
        <span className="error" role="alert">
          {say.gone}
        </span>
      )}
    </li>
  );
}

function PendingRow({ pending, files }: { pending: Pending; files: Files }) {
  const { key, file, error, progress } = pending;
  const percent = Math.round((progress ?? 0) * 100);
  return (
    <li className="file">
      <span className="file-name">{file.name}</span>
      <span className="muted small">{say.size(file.size)}</span>
      {error !== undefined && (
        <Button look="quiet" aria-label={say.again(file.name)} onClick={() => files.retry(key)}>
          {say.retry}
        </Button>
      )}
      <Button
        look="quiet"
        aria-label={error === undefined ? say.cancel(file.name) : say.remove(file.name)}
        onClick={() => files.cancel(key)}
      >
        {error === undefined ? say.cancelShort : say.removeShort}
      </Button>
      {error === undefined ? (
        <progress
          max={100}
          value={percent}
          aria-label={progress === undefined ? say.waiting : say.uploading(percent)}
        />
      ) : (
        <span className="error" role="alert">
          {error}
        </span>
      )}
    </li>
  );
}
