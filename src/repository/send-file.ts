import type {IncomingMessage, ServerResponse} from 'node:http';
import {extname} from 'node:path';
import {finished} from 'node:stream';
import send from 'send';
import {descriptorPath, type ServedFile} from './served-file.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.log': 'text/plain; charset=utf-8',
  '.tar': 'application/x-tar',
  '.gz': 'application/gzip',
};

/** Answers a request with an open file, which is closed when the answer has gone out or the client has gone away. */
export function sendFile(
  {handle, path}: ServedFile,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  finished(response, () => void handle.close());
  response.setHeader('Content-Type', contentTypes[extname(path)] ?? 'application/octet-stream');
  send(request, descriptorPath(handle), {dotfiles: 'allow', index: false}).pipe(response);
}
