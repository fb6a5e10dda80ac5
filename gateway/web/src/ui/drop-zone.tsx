import { type ReactNode, useEffect, useRef } from 'react';
import { DropZone as AriaDropZone } from 'react-aria-components';
import { Button } from './button.tsx';

interface Props {
  label: string;
  hint: string;
  drop: string;
  button: string;
  onFiles: (files: File[]) => void;
  children?: ReactNode;
}

/** Takes files by drop, by a button, and by paste anywhere in its form. */
export function DropZone({ label, hint, drop, button, onFiles, children }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    const form = root.current?.closest('form');
    const onPaste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault(); // of a picture that comes with text, the text would be its name
      take.current(files);
    };
    form?.addEventListener('paste', onPaste);
    return () => form?.removeEventListener('paste', onPaste);
  }, []);
  return (
    <AriaDropZone
      ref={root}
      className="drop-zone"
      aria-label={drop}
      onDrop={async (event) => {
        const files = event.items.filter((item) => item.kind === 'file');
        if (files.length > 0) onFiles(await Promise.all(files.map((item) => item.getFile())));
      }}
    >
      <div className="drop-head">
        <Button onClick={() => input.current?.click()}>{button}</Button>
        <span className="hint">{hint}</span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={label}
          onChange={(event) => {
            if (event.target.files) onFiles([...event.target.files]);
            event.target.value = ''; // so that the same file can be chosen again
          }}
        />
      </div>
      {children}
    </AriaDropZone>
  );
}
