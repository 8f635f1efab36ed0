import { Form } from 'react-router';
import { texts } from '../texts.ts';
import { Submit } from './button.tsx';
import { FormField, SelectField } from './form-field.tsx';

export interface RequestFilter { status: string; mode: string; product: string; id: string; email?: string }

/** Filters live in the address bar, so that a view can be shared and reloaded. */
export function RequestFilters({ filter, products, email = false }: { filter: RequestFilter; products: { slug: string; name: string }[]; email?: boolean }) {
  return (
    <Form method="get" className="grid grid-cols-2 items-end gap-3 sm:grid-cols-3 lg:flex lg:flex-wrap" role="search" aria-label={texts.ui.filters} key={JSON.stringify(filter)}>
      <SelectField label="Status" name="status" defaultValue={filter.status}>
        <option value="">All</option>
        {['2xx', '3xx', '4xx', '5xx', '401', '403', '404', '429'].map((status) => <option key={status} value={status}>{status}</option>)}
      </SelectField>
      <SelectField label="Mode" name="mode" defaultValue={filter.mode}><option value="">All</option><option value="live">live</option><option value="test">test</option></SelectField>
      <SelectField label="API" name="product" defaultValue={filter.product}><option value="">All</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
      {email && <FormField label="E-mail of a developer" name="email" type="email" defaultValue={filter.email} />}
      <FormField label="Request id" name="id" placeholder="req_..." defaultValue={filter.id} />
      <Submit kind="plain" doing="Searching">Show</Submit>
    </Form>
  );
}
