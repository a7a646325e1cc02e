// What is accepted and not recommended: said in the answer, with the rule that says so.

import { emergencyOf } from '../numbers/emergency.ts';
import type { User } from './user.ts';

interface Warning {
  pointer: string;
  detail: string;
  rule: string;
}

/** Of what is new with this change, or waits for a sign-out since. @returns a member for the answer; none where there is nothing to say */
export function recommendations(before: User | undefined, after: User): { warnings?: Warning[] } {
  const had = [before?.extension, before?.queued?.extension];
  const given = [after.extension, after.queued?.extension].filter((extension) => !had.includes(extension));
  const warnings = given.flatMap((extension) => extensionWarnings(extension ?? undefined));
  return warnings.length > 0 ? { warnings } : {};
}

function extensionWarnings(extension: string | undefined): Warning[] {
  if (extension === undefined) return [];
  const warn = (detail: string) => ({ pointer: '/body/extension', detail, rule: 'S1-23' });
  const emergency = emergencyOf(extension);
  return [
    ...(extension.length === 3 ? [] : [warn(`${extension} has ${extension.length} digits; three are recommended`)]),
    ...(emergency === undefined ? [] : [warn(`${extension} ${emergency}; choose one from 200 on`)]),
  ];
}
