import {join} from 'node:path';
import {everything} from './test/fixtures/extent.ts';

export default {
  extensions: ['ts'],
  files: ['test/**/*.test.ts', ...(everything ? [] : ['!test/releases/**'])],
  // when everything is tested, deploys of several templates keep a machine busy
  concurrency: everything ? 1 : 2,
  timeout: '30m',
  workerThreads: false,
  environmentVariables: {NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node')},
};
