import {registerHooks} from 'node:module';

/** The name by which recipes import what they may use: the `exports` of package.json. */
export const packageName = 'vpsadminos-templates';

/**
 * Lets modules anywhere on this machine import this checkout by its package's name. Node.js itself finds it from inside
 * the checkout only, or through a `node_modules` folder above the module.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const ours = specifier === packageName || specifier.startsWith(`${packageName}/`);
    return nextResolve(specifier, ours ? {...context, parentURL: import.meta.url} : context);
  },
});
