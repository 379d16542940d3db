import type {KeyFile} from '../../recipe/step.ts';

/** An RSA key as apk names it; what else is configured is OpenPGP's and signs releases. */
export function isApkKey({name}: Pick<KeyFile, 'name'>): boolean {
  return name.endsWith('.rsa.pub');
}
