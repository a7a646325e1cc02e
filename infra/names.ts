// The names that a tenant's stack composes. They begin with what no other tenant's name can begin with.

import type { TenantFile } from '#contract/tenant-file.ts';

export const stackName = (tenant: TenantFile): string => `roster-${tenant.name}`;

/** The underscore cannot occur in a tenant's name: so `roster-acme_*` in a grant never covers tenant `acme-eu`. */
export const ownName = (tenant: TenantFile, id: string): string => `${stackName(tenant)}_${id}`;

/** SSM SecureString with the seal keys; CloudFormation can't make one, so provision-tenant does. */
export const sealKeysParameter = (tenant: TenantFile): string => `/roster/${tenant.name}/seal-keys`;

/** `deliver-outbox` → `DeliverOutbox`: ids of constructs. */
export const pascal = (id: string): string =>
  id.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
