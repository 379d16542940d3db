import {once} from 'node:events';
import {type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request} from 'node:http';
import {buffer} from 'node:stream/consumers';

export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One HTTP request as it is written; `fetch` would add a `Cache-Control: no-cache` to conditional ones. */
export async function get(
  url: URL | string,
  headers: OutgoingHttpHeaders = {},
  method = 'GET',
): Promise<Response> {
  const sent = request(url, {method, headers, agent: false}).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error(`no response from ${url}`);
  return {status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response)};
}
