import test from 'ava';
import type {TemplateResults} from '../../../src/cli/report/junit.ts';
import {scenarioMarkdown, scenarioTable} from '../../../src/cli/report/scenario-table.ts';
import type {Outcome} from '../../../src/image/manifest.ts';

function results(template: string, outcomes: Readonly<Record<string, Outcome>>): TemplateResults {
  const scenarios = Object.entries(outcomes).map(([name, outcome]) => ({
    ...{name, title: name, outcome, seconds: 1},
    ...(outcome === 'passed' ? {} : {reason: `because of ${name}\nand more`}),
  }));
  return {template, scenarios};
}

const two = [
  results('alpine-3.24', {ssh: 'passed', kvm: 'not checked', 'own-configuration': 'not applicable'}),
  results('debian-13', {ssh: 'failed', kvm: 'not checked'}),
];

test('a scenario is a line, a template a column, and every reason is told once', (t) => {
  t.is(
    scenarioTable(two),
    `scenario           alpine-3.24  debian-13
kvm                ?            ?
own-configuration  –
ssh                ✔            ✘

✔ passed, ✘ failed, – does not apply, ? was not checked
? kvm: because of kvm (alpine-3.24, debian-13)
– own-configuration: because of own-configuration (alpine-3.24)
✘ ssh: because of ssh (debian-13)`,
  );
});

test('many templates are numbered', (t) => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => results(name, {ssh: 'passed'}));
  t.regex(scenarioTable(many), /^1 {2}a\n[\s\S]*5 {2}e\n\nscenario {2}1 {2}2 {2}3 {2}4 {2}5\nssh {7}✔/);
});

test('in Markdown each distribution has a table and a list', (t) => {
  const three = [...two, results('debian-12', {ssh: 'passed', kvm: 'passed'})];
  t.is(
    scenarioMarkdown(three),
    `✔ passed, ✘ failed, – does not apply, ? was not checked.

## alpine

| scenario | alpine-3.24 |
| --- | :-: |
| \`kvm\` | ? |
| \`own-configuration\` | – |
| \`ssh\` | ✔ |

- ? kvm: because of kvm (alpine-3.24)
- – own-configuration: because of own-configuration (alpine-3.24)

## debian

| scenario | debian-13 | debian-12 |
| --- | :-: | :-: |
| \`kvm\` | ? | ✔ |
| \`ssh\` | ✘ | ✔ |

- ? kvm: because of kvm (debian-13)
- ✘ ssh: because of ssh (debian-13)
`,
  );
});

test('what was measured is a line of the table, with its unit', (t) => {
  const [first, second] = two;
  const measured = {idleCpuPercent: 0.3, idleMemoryBytes: 26_000_000};
  const health = {name: 'health', title: 'health', outcome: 'passed', seconds: 1, measured} as const;
  const results = [
    {template: 'alpine-3.24', scenarios: [...(first?.scenarios ?? []), health]},
    ...(second ? [second] : []),
  ];
  const lines = scenarioTable(results).split('\n');
  t.true(lines.includes('idle cpu           0.3 %'));
  t.true(lines.includes('idle memory        26.0 MB'));
  t.true(scenarioMarkdown(results).split('\n').includes('| idle memory | 26.0 MB |'));
});
