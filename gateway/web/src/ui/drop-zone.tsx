import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';

interface Props {
  label: string;
  hint: string;
  drop: string;
  button: string;
  onFiles: (files: File[]) => void;
  children?: ReactNode;
}

/** Takes files by a button, and by drop and paste anywhere in its form. */
export function DropZone({ label, hint, drop, button, onFiles, children }: Props) {
  const root = useRef<HTMLFieldSetElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
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
    // A browser that is not told otherwise leaves the page for a file that is dropped on it.
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = ({ relatedTarget }: DragEvent) => {
      // From one part of the form to another it is still there.
      if (!(relatedTarget instanceof Node && form?.contains(relatedTarget))) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take.current(files);
    };
    const stop = new AbortController();
    const { signal } = stop;
    form?.addEventListener('paste', onPaste, { signal });
    form?.addEventListener('dragover', onDragOver, { signal });
    form?.addEventListener('dragleave', onDragLeave, { signal });
    form?.addEventListener('drop', onDrop, { signal });
    return () => stop.abort();
  }, []);
  return (
    <fieldset ref={root} className="drop-zone" aria-label={drop} data-over={over || undefined}>
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
    </fieldset>
  );
}
