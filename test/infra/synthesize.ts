// Synthesizes tenants in this process, with stubs instead of built code, and reads back every template.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { TenantFile } from '#contract/tenant-file.ts';
import { recommendedFlags } from '#infra/recommended-flags.ts';
import { TenantStack } from '#infra/tenant-stack.ts';

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's own shapes, as many as resource types
  Properties: any;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface Synthesized {
  /** By file name; the root's is `roster-<tenant>.template.json`. */
  templates: Map<string, { Resources: Record<string, Resource>; Outputs?: Record<string, unknown> }>;
  /** Every resource of the root and its nested stacks. */
  resources: Resource[];
  terminationProtection: boolean | undefined;
  /** What lies in the code of a function, by file name. */
  filesOf: (handler: Resource) => Record<string, string>;
}

export function synthesize(tenant: TenantFile): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'roster-synth-'));
  const code = mkdtempSync(join(tmpdir(), 'roster-code-'));
  writeFileSync(join(code, 'index.mjs'), 'export const handler = async () => ({});');
  const app = new App({ outdir, analyticsReporting: false, context: recommendedFlags });
  const stack = new TenantStack(app, { tenant, codeFolder: () => code });
  app.synth();
  const templates = new Map(
    readdirSync(outdir)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => [file, JSON.parse(readFileSync(join(outdir, file), 'utf8'))]),
  );
  return {
    templates,
    resources: [...templates.values()].flatMap((template) => Object.values(template.Resources) as Resource[]),
    terminationProtection: stack.terminationProtection,
    filesOf: ({ Properties }) => {
      const folder = join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
      return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
    },
  };
}

export function ofType(synthesized: Synthesized, ...types: string[]): Resource[] {
  return synthesized.resources.filter(({ Type }) => types.includes(Type));
}

/** Intrinsic functions written out as far as a template alone tells: `Fn::Join` joined, references as `{…}`. */
export function written(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, Ref, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(written).join(join[0] as string);
  return `{${Ref ?? (attribute as string[]).join('.')}}`;
}
