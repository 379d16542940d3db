import {readFile} from 'node:fs/promises';
import test from 'ava';
import {variable} from '../../src/config/resolve.ts';
import {jsonSchema, scalars} from '../../src/config/schema.ts';

const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

/** Every key of the file, at any depth, with what the schema says about it. */
function keysOf(node: unknown): [key: string, description: unknown][] {
  if (typeof node !== 'object' || node === null) return [];
  const properties =
    'properties' in node && typeof node.properties === 'object' ? (node.properties ?? {}) : {};
  const own = Object.entries(properties).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'object' && value !== null && 'description' in value ? value.description : undefined,
  ]);
  return [...own, ...Object.values(node).flatMap(keysOf)];
}

const keys = keysOf(jsonSchema());

test('the page and the schema say something about every key', (t) => {
  const names = keys.map(([key]) => key);
  for (const name of ['vendor', 'templates', 'features', 'mirrors', 'step', 'maximumAge'])
    t.true(names.includes(name));
  for (const [key, description] of keys) {
    t.true(page.includes(`\`${key}\``), `docs/configuration.md lacks ${key}`);
    t.is(typeof description, 'string', `the schema does not describe ${key}`);
  }
});

test('the page names every environment variable', (t) => {
  for (const key of [...Object.keys(scalars), 'distributions', 'config']) {
    t.true(page.includes(`\`${variable(key)}\``), `docs/configuration.md lacks ${variable(key)}`);
  }
});

test('the schema for editors is the one that the configuration is checked by', async (t) => {
  const file = new URL('../../docs/osctl-templates.schema.json', import.meta.url);
  t.deepEqual(JSON.parse(await readFile(file, 'utf8')), jsonSchema(), 'run `npm run docs`');
});
