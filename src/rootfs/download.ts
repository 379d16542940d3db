import {asFailure} from '../failure.ts';
import type {StepContext} from '../recipe/step.ts';
import {type Diagnostics, diagnosed, fullDisk, otherMirror} from './diagnosis.ts';

export interface DownloadOptions {
  readonly url: string;
  /** A path in the build container; its folder exists. */
  readonly to: string;
  /** Seconds in which nothing comes, or no connection is made, after which the mirror is given up; 20 unless given. */
  readonly timeout?: number;
  /** The media type to ask for, where the server has several. */
  readonly accept?: string | undefined;
}

/** The exit codes of curl(1) 8. */
const curlDiagnostics: Diagnostics = {
  complaints: [/^curl: /],
  symptoms: [
    {
      says: /curl: \((6|7|5)\)/,
      means: 'the mirror cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /curl: \(28\)/,
      means: 'the mirror does not answer in time',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /curl: \((35|51|58|60|77)\)/,
      means: 'the mirror’s certificate is not valid',
      remedy: 'Check the mirror’s address and this machine’s clock.',
      unreachable: false,
    },
    {
      says: /curl: \(22\).* 4\d\d/,
      means: 'the mirror does not have this file',
      remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /curl: \((18|52|55|56|92|22)\)/,
      means: 'the mirror breaks off',
      remedy: otherMirror,
      unreachable: true,
    },
    {...fullDisk, says: /curl: \(23\)/},
  ],
};

/**
 * Downloads a file in the build container with its `curl`, trying again where that may help. It is not verified:
 * nothing may use it before its signature, or a hash from something signed, has been checked. Throws a Failure that
 * names the address; an Unreachable when another mirror may do. Gives the address that redirects led to.
 */
export async function download(
  {container}: Pick<StepContext, 'container'>,
  {url, to, timeout = 20, accept}: DownloadOptions,
): Promise<{readonly url: string}> {
  const argv = [
    ...['curl', '--fail', '--silent', '--show-error', '--location', '--proto', '=http,https'],
    ...['--retry', '2', '--retry-connrefused', '--connect-timeout', String(timeout)],
    ...['--speed-limit', '1', '--speed-time', String(timeout), '--output', to],
    ...(accept === undefined ? [] : ['--header', `Accept: ${accept}`]),
    ...['--write-out', '%{url_effective}', url],
  ];
  const running = diagnosed(curlDiagnostics, (onLine) => container.run(argv, {quiet: true, onLine}));
  const answer = await running.catch((error: unknown) => {
    throw asFailure(error).at(url);
  });
  return {url: answer.trim()};
}
