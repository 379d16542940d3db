import {refuseTemplate} from '../refusal.ts';
import {type Inventory, takeInventory} from './inventory.ts';
import {type ForbiddenWord, inspectedFiles, privateKey, violations} from './rules.ts';

export interface InspectionOptions {
  /** The recipe's own paths that sealing removes. */
  readonly removed: readonly string[];
  /** Words of this build that no template may have, besides private keys. */
  readonly words: readonly ForbiddenWord[];
  /** Paths whose owner is none of the container's, as this machine sees them. */
  readonly strangers: readonly string[];
  readonly log: (line: string) => void;
}

/**
 * Proves on the packed tree that sealing did what it must, and gives what is in it. Throws a Failure with every path
 * that is wrong.
 */
export async function inspect(
  archive: AsyncIterable<Uint8Array>,
  {removed, words, strangers, log}: InspectionOptions,
): Promise<Inventory> {
  const forbidden = [privateKey, ...words];
  const sought = {words: forbidden.map(({word}) => word), files: inspectedFiles};
  const inventory = {...(await takeInventory(archive, sought)), strangers};
  for (const line of unkept(inventory)) log(line);
  refuseTemplate(
    violations(inventory, removed, forbidden).map(({path, rule}) => `${path} ${rule}`),
    log,
  );
  return inventory;
}

/** What the tarball has and a node does not keep: osctl unpacks file capabilities and no other attributes. */
function unkept({attributes}: Inventory): string[] {
  return [...attributes].flatMap(([path, values]) =>
    [...values.keys()]
      .filter((name) => name !== 'security.capability')
      .map((name) => `${path} has ${name}, which osctl does not unpack`),
  );
}
