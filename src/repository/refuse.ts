import {type ServerResponse, STATUS_CODES} from 'node:http';

const reasons: Readonly<Record<number, string>> = {
  400: 'This is not a path.',
  404: 'There is no such file.',
  405: 'This can only be read: GET and HEAD.',
  500: 'The file cannot be read.',
  503: 'There are too many requests at once; ask again in a moment.',
};

/** Answers with a status and a line that says why; ends the connection where an answer has begun already. */
export function refuse(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of ['ETag', 'Last-Modified', 'Cache-Control']) response.removeHeader(name);
  response.writeHead(status, {...headers, 'Content-Type': 'text/plain; charset=utf-8'});
  response.end(`${reasons[status] ?? STATUS_CODES[status]}\n`);
}
