import { texts } from '../texts.ts';
import { FilterBar } from './filter-bar.tsx';
import { FormField, SelectField } from './form-field.tsx';

const words = texts.ui.call;

export interface RequestFilter { status: string; mode: string; product: string; id: string; email?: string }

/** Filters live in the address bar, so that a view can be shared and reloaded. */
export function RequestFilters({ filter, products, email = false }: { filter: RequestFilter; products: { slug: string; name: string }[]; email?: boolean }) {
  return (
    <FilterBar names={['status', 'mode', 'product', 'email', 'id']}>
      <SelectField label={words.status} name="status" defaultValue={filter.status}>
        <option value="">{words.all}</option>
        {['2xx', '3xx', '4xx', '5xx', '401', '403', '404', '429'].map((status) => <option key={status} value={status}>{status}</option>)}
      </SelectField>
      <SelectField label={words.mode} name="mode" defaultValue={filter.mode}><option value="">{words.all}</option><option value="live">{words.live}</option><option value="test">{words.test}</option></SelectField>
      <SelectField label={words.api} name="product" defaultValue={filter.product}><option value="">{words.all}</option>{products.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}</SelectField>
      {email && <FormField label={words.developerEmail} name="email" type="email" defaultValue={filter.email} />}
      <FormField label={words.id} name="id" placeholder={words.idPlaceholder} defaultValue={filter.id} />
    </FilterBar>
  );
}
