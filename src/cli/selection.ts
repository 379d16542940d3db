import type {Available} from '../catalogue/available.ts';
import {selectTemplates} from '../catalogue/select.ts';
import {Failure} from '../failure.ts';
import {shortName, type Template} from '../recipe/template.ts';

/** The one template a name stands for; throws a Failure of kind `usage` when it stands for several. */
export function theOne(name: string, {available}: {readonly available: Available}): Template {
  const [template, ...others] = selectTemplates([name], available);
  if (template !== undefined && others.length === 0) return template;
  const names = [template, ...others].filter((each) => each !== undefined).map(shortName);
  throw new Failure(`${name} stands for ${names.join(', ')}; this command takes one`, {kind: 'usage'});
}
