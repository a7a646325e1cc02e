// The operations that accesses, rights, roles, user groups, groups, skills, tags and queues have alike: each says what differs.

import type * as z from 'zod';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problems.ts';
import { usersOfQuery, usersOfRecord } from './records.ts';

type Path = `/${string}`;

/** What the operations of one kind share. */
export interface RecordKindSpec {
  path: Path;
  /** Below `path`, with the id's parameter. */
  onePath: Path;
  read: Permission;
  change: Permission;
  /** First part of its audit events. */
  noun: string;
  /** It gives its users something: nobody puts more into it than they hold. */
  grants?: true;
}

const refusedGrants = ({ grants }: RecordKindSpec): readonly ProblemCode[] => (grants ? ['grants_too_much'] : []);

const unaudited = { status: 200, needs: ['read', 'write'], audit: null } as const;

export function listing<Output extends z.ZodObject>({ path, read }: RecordKindSpec, summary: string, output: Output) {
  return { method: 'GET', path, summary, caller: read, output, problems: [], ...unaudited } as const;
}

export function reading<Params extends z.ZodObject, Output extends z.ZodObject>(
  { onePath, read }: RecordKindSpec,
  summary: string,
  params: Params,
  output: Output,
) {
  const problems = ['record_not_found'] as const;
  return { method: 'GET', path: onePath, summary, caller: read, params, output, problems, ...unaudited } as const;
}

/** Who has one of them, page by page. */
export function readingUsers<Params extends z.ZodObject>(
  { onePath, read }: RecordKindSpec,
  summary: string,
  params: Params,
) {
  return {
    method: 'GET',
    path: `${onePath}/users`,
    summary,
    caller: read,
    params,
    query: usersOfQuery(),
    output: usersOfRecord(),
    problems: ['record_not_found', 'invalid_cursor'],
    ...unaudited,
    needs: ['read', 'write', 'seal'],
  } as const;
}

export function creating<Body extends z.ZodObject, Output extends z.ZodObject>(
  kind: RecordKindSpec,
  summary: string,
  body: Body,
  output: Output,
  problems: readonly ProblemCode[] = [],
) {
  const { path, change, noun } = kind;
  return {
    method: 'POST',
    path,
    summary,
    caller: change,
    body,
    output,
    status: 201,
    problems: ['name_taken', 'too_many_records', 'caller_changed', ...refusedGrants(kind), ...problems],
    needs: ['read', 'write', 'seal'],
    audit: `${noun}.created`,
  } as const;
}

export function changing<Params extends z.ZodObject, Body extends z.ZodObject, Output extends z.ZodObject>(
  kind: RecordKindSpec,
  summary: string,
  params: Params,
  body: Body,
  output: Output,
  problems: readonly ProblemCode[] = [],
) {
  const { onePath, change, noun } = kind;
  return {
    method: 'PATCH',
    path: onePath,
    summary,
    caller: change,
    params,
    body,
    ifMatch: true,
    output,
    status: 200,
    problems: ['record_not_found', 'name_taken', 'caller_changed', ...refusedGrants(kind), ...problems],
    needs: ['read', 'write'],
    audit: `${noun}.changed`,
  } as const;
}

export function deleting<Params extends z.ZodObject>(kind: RecordKindSpec, summary: string, params: Params) {
  const { onePath, change, noun } = kind;
  return {
    method: 'DELETE',
    path: onePath,
    summary,
    caller: change,
    params,
    ifMatch: true,
    output: null,
    status: 204,
    problems: ['record_not_found', 'record_in_use', 'caller_changed', ...refusedGrants(kind)],
    needs: ['read', 'write'],
    audit: `${noun}.deleted`,
  } as const;
}
