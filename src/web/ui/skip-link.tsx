import { texts } from '../texts.ts';

/** The first stop of the Tab key: past the navigation, to the page. */
export function SkipLink() {
  return <a href="#content" className="sr-only rounded-md border border-edge bg-raised px-3 py-2 font-medium focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50">{texts.layout.skip}</a>;
}
