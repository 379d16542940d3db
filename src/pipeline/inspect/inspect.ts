import {Failure} from '../../failure.ts';
import {osctlProblems} from '../../osctl/integrate.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import {type Step, step} from '../../recipe/step.ts';
import {type Inventory, takeInventory} from './inventory.ts';
import {inspectedFiles, violations} from './rules.ts';

/** How many places an error lists; the log has them all. */
const shown = 10;

/**
 * The last step of the seal stage: proves on the tree that sealing did what it must and that osctl finds what it
 * needs. Throws a Failure with every path that is wrong. The inventory is handed on, for the manifest.
 */
export function inspection(
  recipe: Pick<ReleaseRecipe, 'seal' | 'osctl'>,
  found: (inventory: Inventory) => void,
): Step {
  return step('inspection', async (rootfs, context) => {
    const inventory = await takeInventory(context.container, (path) => rootfs.read(path), inspectedFiles);
    const wrong = [
      ...violations(inventory, recipe.seal?.remove ?? []).map(({path, rule}) => `${path} ${rule}`),
      ...(await osctlProblems(recipe.osctl, rootfs)).map(
        (problem) => `osctl cannot work with it: ${problem}`,
      ),
    ];
    for (const line of wrong) context.log(line);
    if (wrong.length > 0) {
      const rest = wrong.length > shown ? [`and ${wrong.length - shown} more`] : [];
      throw new Failure(
        ['the tree must not become a template:', ...wrong.slice(0, shown), ...rest].join('\n  '),
        {
          remedy: 'Mend the step that leaves it, or name it under `seal.remove` in the recipe.',
        },
      );
    }
    found(inventory);
  });
}
