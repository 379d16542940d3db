import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {base} from '../../builders/base.ts';
import {toolsContainer} from '../../src/builder/rootfs.ts';
import type {ContainerSpec, Enclosure, EnclosureSpec, Layer} from '../../src/container/engine.ts';
import {layersOf} from '../fixtures/builders.ts';

interface Context {
  readonly layers: readonly Layer[];
}

/** Tests with the layers of the smallest builder. */
export const test = anyTest as TestFn<Context>;

test.before(async (t) => {
  t.context = {layers: await layersOf(base)};
});

export const spec: EnclosureSpec = {
  title: 'engine-test',
  purpose: 'test',
  scratch: {medium: 'disk'},
  network: 'host',
};

/** A started container of tools. */
export async function start(
  t: ExecutionContext<Context>,
  enclosure: Enclosure,
  changes: Partial<ContainerSpec> = {},
) {
  const container = await enclosure.container({
    role: 'tools',
    layers: t.context.layers,
    ...toolsContainer,
    ...changes,
  });
  await container.start();
  return container;
}
