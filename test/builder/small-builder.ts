import {base} from '../../builders/base.ts';
import {type Builder, defineBuilder} from '../../src/recipe/builder.ts';

/** A builder that is made quickly where the base is cached. */
export function smallBuilder(name: string, packages: readonly string[] = ['less']): Builder {
  return defineBuilder({name, base, packages});
}
