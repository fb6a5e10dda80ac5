import { useEffect, useId, useState } from 'react';
import { send } from '../../api/client.ts';
import type { Attachment } from '../../api/types.ts';
import { attachmentsText as say } from '../../lib/text.attachments.ts';
import { Button } from '../../ui/button.tsx';
import { addressOf } from './upload.ts';
import './attachments.css';

/** The files of a message, each to be saved; pictures can be looked at. */
export default function AttachmentList({ attachments }: { attachments: Attachment[] }) {
  return (
    <ul className="files sent" aria-label={say.files}>
      {attachments.map((a) => (
        <SentRow key={a.id} attachment={a} />
      ))}
    </ul>
  );
}

// What browsers show as a picture and nothing else: SVG can be a page.
const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function SentRow({ attachment: a }: { attachment: Attachment }) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <li className="file">
      <a className="file-name" href={addressOf(a.id)} download={a.filename} aria-label={say.download(a.filename)}>
        {a.filename}
      </a>
      <span className="muted small">{say.size(Number(a.size))}</span>
      {pictures.includes(a.contentType) && (
        <Button
          look="quiet"
          aria-expanded={shown}
          aria-controls={id}
          aria-label={shown ? say.hide(a.filename) : say.preview(a.filename)}
          onClick={() => setShown(!shown)}
        >
          {shown ? say.hideShort : say.show}
        </Button>
      )}
      <div id={id} className="file-preview">
        {shown && <Preview attachment={a} />}
      </div>
    </li>
  );
}

type Picture = { url: string } | 'failed' | undefined;

/** Loaded only when somebody wants to see it, as bytes of this page's own: nothing that was sent is ever opened. */
function Preview({ attachment: a }: { attachment: Attachment }) {
  const [picture, setPicture] = useState<Picture>();
  useEffect(() => {
    const loading = new AbortController();
    let url: string | undefined;
    send(new Request(addressOf(a.id), { signal: loading.signal }))
      .then(async (response) => {
        if (!response.ok) throw new Error(String(response.status));
        const bytes = await response.arrayBuffer();
        if (loading.signal.aborted) return;
        url = URL.createObjectURL(new Blob([bytes], { type: a.contentType }));
        setPicture({ url });
      })
      .catch(() => loading.signal.aborted || setPicture('failed'));
    return () => {
      loading.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [a.id, a.contentType]);
  if (picture === 'failed') {
    return (
      <p className="error" role="alert">
        {say.previewFailed}
      </p>
    );
  }
  if (!picture) return <p role="status">{say.loading}</p>;
  return <img src={picture.url} alt={a.filename} onError={() => setPicture('failed')} />;
}
