import type {FileHandle} from 'node:fs/promises';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {extname} from 'node:path';
import {finished} from 'node:stream';
import send from 'send';
import {refuse} from './refuse.ts';
import {descriptorPath, type ServedFile} from './served-file.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.log': 'text/plain; charset=utf-8',
  '.tar': 'application/x-tar',
  '.gz': 'application/gzip',
};

/** `send` hands its options on to createReadStream: one open file is enough for a request. */
type SendOptions = send.SendOptions & {readonly fd: FileHandle};

/**
 * Answers a request with an open file and its entity tag. The file is closed when the answer has gone out or the
 * client has gone away.
 */
export async function sendFile(
  {handle, path}: ServedFile,
  tag: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  finished(response, () => void handle.close());
  const modified = (await handle.stat()).mtime.toUTCString();
  const condition = request.headers['if-range'];
  // a part is for who has the rest of the same file; others get all of it (RFC 9110, section 13.1.5)
  if (condition !== undefined && condition !== tag && condition !== modified) delete request.headers.range;
  response.setHeader('Content-Type', contentTypes[extname(path)] ?? 'application/octet-stream');
  response.setHeader('ETag', tag);
  response.setHeader('Last-Modified', modified);
  const options: SendOptions = {dotfiles: 'allow', index: false, fd: handle};
  const answer = send(request, descriptorPath(handle), options);
  answer.on(
    'error',
    ({status, headers}: {readonly status?: number; readonly headers?: Record<string, string>}) => {
      refuse(response, status ?? 500, headers);
    },
  );
  answer.pipe(response);
}
