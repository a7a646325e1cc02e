// Who of a tenant's functions knows of the operator's key: its hash, and only whoever compares with it.

import { operationList } from '#contract/operations.ts';
import acme from '#tenants/acme.ts';
import { ofType, type Synthesized, synthesize } from './synthesize.ts';

const operatorKeySha256 = 'a1'.repeat(32);
const environments = (stack: Synthesized) =>
  ofType(stack, 'AWS::Lambda::Function').map(({ Properties }) => ({
    id: String(Properties.FunctionName).replace('roster-acme_', ''),
    variables: JSON.stringify(Properties.Environment ?? {}),
  }));

describe('S1-35 the operator’s key of a tenant', () => {
  it('is handed as its SHA-256 to the operator’s operations, and to no other function', () => {
    const knowing = environments(synthesize({ ...acme, operatorKeySha256 }))
      .filter(({ variables }) => variables.includes(operatorKeySha256))
      .map(({ id }) => id);
    const operators = operationList.filter(({ caller }) => caller === 'operator').map(({ id }) => id as string);
    expect(operators).toContain('set-license');
    expect(knowing.sort()).toEqual(operators.sort());
  });

  it('is nowhere where the tenant file names none', () => {
    const variables = environments(synthesize(acme)).map((each) => each.variables);
    expect(variables.length).toBeGreaterThan(operationList.length);
    expect(variables.join()).not.toContain('OPERATOR_KEY');
  });
});
