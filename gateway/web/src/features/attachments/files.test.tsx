import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import type { Attachment } from '../../api/types.ts';
import { attachmentsText as say } from '../../lib/text.attachments.ts';
import AttachmentField from './attachment-field.tsx';
import { type KeptFile, maxSize, useFiles, wordsOf } from './files.ts';

/** Stands for the server: each upload ends when the test says so. */
class Server {
  sent: {
    file: File;
    progress: (part: number) => void;
    take(): void;
    refuse(e: ApiError): void;
    cancelled: boolean;
  }[] = [];

  send = (file: File, progress: (part: number) => void) => {
    let cancel: () => void = () => undefined;
    const done = new Promise<Attachment>((resolve, reject) => {
      const one = {
        file,
        progress,
        cancelled: false,
        take: () =>
          resolve({
            id: `id of ${file.name}`,
            filename: file.name,
            size: String(file.size),
            contentType: 'text/plain',
            sha256: '',
            createTime: '',
          }),
        refuse: reject,
      };
      cancel = () => {
        one.cancelled = true;
        reject(new ApiError(0, {}));
      };
      this.sent.push(one);
    });
    return { done, cancel: () => cancel() };
  };
}

function Field({ server, first = [], gone = [] }: { server: Server; first?: KeptFile[]; gone?: string[] }) {
  const [kept, setKept] = useState(first);
  const files = useFiles(kept, setKept, server.send, checkOf(gone));
  return (
    <form>
      <AttachmentField files={files} />
      <output>{`${files.ready} ${kept.map((file) => file.id).join()}`}</output>
      <textarea aria-label="text" />
    </form>
  );
}

const checks = new Map<string, (id: string) => Promise<boolean>>();
/** The same function for the same list, as a hook's argument has to be. */
function checkOf(gone: string[]) {
  const key = gone.join();
  const check = checks.get(key) ?? (async (id: string) => !gone.includes(id));
  checks.set(key, check);
  return check;
}

const file = (name: string, content = 'x') => new File([content], name, { type: 'text/plain' });
const choose = (...files: File[]) => userEvent.upload(screen.getByLabelText(say.label), files);
const state = () => screen.getByRole('status').textContent;

describe('the field of files', () => {
  it('uploads what is chosen, three at once, and keeps what was taken', async () => {
    const server = new Server();
    render(<Field server={server} />);
    await choose(file('a'), file('b'), file('c'), file('d'));
    expect(server.sent.map((one) => one.file.name)).toEqual(['a', 'b', 'c']);
    expect(state()).toBe('false ');
    act(() => server.sent[0]?.progress(0.4));
    expect(screen.getByRole('progressbar', { name: say.uploading(40) })).toBeTruthy();
    act(() => {
      server.sent[0]?.take();
      server.sent[1]?.take();
    });
    await waitFor(() => expect(server.sent).toHaveLength(4));
    act(() => {
      server.sent[2]?.take();
      server.sent[3]?.take();
    });
    await waitFor(() => expect(state()).toBe('true id of a,id of b,id of c,id of d'));
    await userEvent.click(screen.getByRole('button', { name: say.remove('b') }));
    expect(state()).toBe('true id of a,id of c,id of d');
  });

  it('says why a file was not taken, and tries again', async () => {
    const server = new Server();
    render(<Field server={server} />);
    await choose(file('a'));
    act(() => server.sent[0]?.refuse(new ApiError(0, {})));
    expect((await screen.findByRole('alert')).textContent).toBe(say.errors.offline);
    expect(state()).toBe('false ');
    await userEvent.click(screen.getByRole('button', { name: say.again('a') }));
    expect(screen.queryByRole('alert')).toBeNull();
    act(() => server.sent[1]?.take());
    await waitFor(() => expect(state()).toBe('true id of a'));
  });

  it('cancels', async () => {
    const server = new Server();
    render(<Field server={server} />);
    await choose(file('a'));
    await userEvent.click(screen.getByRole('button', { name: say.cancel('a') }));
    expect(server.sent[0]?.cancelled).toBe(true);
    expect(state()).toBe('true ');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('sends nothing that would be refused', async () => {
    const server = new Server();
    const large = file('large');
    Object.defineProperty(large, 'size', { value: maxSize + 1 });
    render(<Field server={server} />);
    await choose(file('empty', ''), large);
    expect(screen.getAllByRole('alert').map((e) => e.textContent)).toEqual([say.errors.empty, say.errors.tooLarge]);
    expect(server.sent).toEqual([]);
    const many = Array.from({ length: 19 }, (_, n) => file(`n${n}`));
    await choose(...many);
    expect(screen.getAllByRole('alert').at(-1)?.textContent).toBe(say.errors.tooMany);
  });

  it('takes what is pasted into the text', async () => {
    const server = new Server();
    render(<Field server={server} />);
    const paste = new Event('paste', { bubbles: true, cancelable: true });
    Object.defineProperty(paste, 'clipboardData', { value: { files: [file('shot.png')] } });
    act(() => void screen.getByLabelText('text').dispatchEvent(paste));
    expect(server.sent.map((one) => one.file.name)).toEqual(['shot.png']);
    expect(paste.defaultPrevented).toBe(true);
  });

  it('says which files of a draft the server has swept', async () => {
    const kept = ['a', 'b'].map((id) => ({ id, filename: `${id}.txt`, size: '1', contentType: 'text/plain' }));
    render(<Field server={new Server()} first={kept} gone={['b']} />);
    expect((await screen.findByRole('alert')).textContent).toBe(say.gone);
    expect(state()).toBe('false a,b');
    await userEvent.click(screen.getByRole('button', { name: say.remove('b.txt') }));
    expect(state()).toBe('true a');
  });
});

describe('wordsOf', () => {
  it.each([
    [new ApiError(413, { reason: 'ATTACHMENT_TOO_LARGE' }), say.errors.tooLarge],
    [new ApiError(429, { reason: 'UNCLAIMED_LIMIT' }), say.errors.unclaimed],
    [new ApiError(401, {}), say.errors.session],
    [
      new ApiError(400, { fields: [{ path: 'header.filename', reason: 'TOO_LONG', description: '' }] }),
      say.errors.name,
    ],
    [
      new ApiError(400, { fields: [{ path: 'header.filename', reason: 'PROGRAM', description: '' }] }),
      say.errors.program,
    ],
  ])('%o', (error, words) => expect(wordsOf(error)).toBe(words));
});
