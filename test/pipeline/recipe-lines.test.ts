import {pathToFileURL} from 'node:url';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {inRecipe} from '../../src/pipeline/recipe-lines.ts';
import {step} from '../../src/recipe/step.ts';
import {folderWith} from '../folders.ts';

const here = new URL('./', import.meta.url);
const thisFile = /\/test\/pipeline\/recipe-lines\.test\.ts:\d+$/;

test('what a step throws is a mistake at a line of the recipe', async (t) => {
  const broken = step('broken', () => {
    throw new TypeError('x is not a function');
  });
  const failure = await t.throwsAsync(
    inRecipe(here, broken, async () => broken.run({} as never, {} as never)),
    {instanceOf: Failure},
  );
  t.is(failure?.message, 'the recipe throws TypeError: x is not a function');
  t.regex(failure?.recipe ?? '', thisFile);
});

test('a failure keeps what it says, and names the line that made the step', async (t) => {
  const asked = step('asked', async () => undefined);
  const refused = new Failure('no such suite', {remedy: 'Name another.', lastLines: ['E: 404']});
  const failure = await t.throwsAsync(
    inRecipe(here, asked, () => Promise.reject(refused)),
    {instanceOf: Failure},
  );
  t.like(failure, {message: 'no such suite', remedy: 'Name another.', lastLines: ['E: 404']});
  t.regex(failure?.recipe ?? '', thisFile);
});

test('an exception from elsewhere is no mistake of the recipe', async (t) => {
  const elsewhere = pathToFileURL(`${await folderWith(t, {})}/`);
  const failure = await t.throwsAsync(
    inRecipe(
      elsewhere,
      step('asked', async () => undefined),
      () => Promise.reject(new TypeError('x')),
    ),
    {instanceOf: Failure},
  );
  t.regex(failure?.message ?? '', /a mistake in osctl-template: x/);
  t.is(failure?.recipe, undefined);
});
