import {writeFile} from 'node:fs/promises';
import {manual} from '../src/cli/manual.ts';
import {program} from '../src/cli/program.ts';
import {jsonSchema} from '../src/config/schema.ts';

// Writes what the documentation has that is made from the code; a test says when it is old.
const made = {
  'osctl-templates.schema.json': `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  'osctl-template.1': manual(program),
};
for (const [name, content] of Object.entries(made))
  await writeFile(new URL(`../docs/${name}`, import.meta.url), content);
