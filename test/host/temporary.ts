import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';

/** An empty folder that is gone after the test. */
export async function temporaryFolder(t: ExecutionContext, parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, 'osctl-template-test-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return folder;
}
