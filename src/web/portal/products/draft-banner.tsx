import { texts } from '../../texts.ts';
import { Notice } from '../../ui/notice.tsx';
import { TextLink } from '../../ui/text-link.tsx';

const words = texts.workspaceProducts;

/** Above what only members see. */
export function DraftBanner({ product, version }: { product: string; version: string }) {
  return (
    <div className="col-span-full">
      <Notice tone="notice" title={words.draftBanner}>
        <p>{words.draftBannerHint} <TextLink to={`/workspace/products/${product}/versions/${version}`}>{words.toWorkspace}</TextLink></p>
      </Notice>
    </div>
  );
}
