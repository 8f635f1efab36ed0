import type { ProductFacts } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { DataTable } from '../../ui/data-table.tsx';

const words = texts.workspaceProducts;

/** Which are on, as portico.yaml has them: that is where they are changed. */
export function ProductPolicies({ policies }: { policies: ProductFacts['policies'] }) {
  return (
    <section className="space-y-3">
      <h2 id="policies" className="text-xl">{words.policies}</h2>
      <p className="text-muted">{policies.length === 0 ? words.noPolicies : words.policiesHint}</p>
      {policies.length > 0 && (
        <DataTable caption={words.policies} rows={policies} rowKey={({ name }) => name} columns={[
          { key: 'name', header: words.policy, cell: ({ name }) => <><strong>{words.policyNames[name] ?? name}</strong> <code className="block text-sm text-muted">{name}</code></> },
          { key: 'settings', header: words.policySettings, cell: ({ settings }) => <pre className="text-sm break-all whitespace-pre-wrap">{settings}</pre> },
        ]} />
      )}
    </section>
  );
}
