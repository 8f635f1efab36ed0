/** The place of text that is on its way; shows itself only after 300 ms. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="late space-y-2" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => <div key={index} className={`h-4 rounded-sm bg-line ${['w-full', 'w-11/12', 'w-3/4'][index % 3]}`} />)}
    </div>
  );
}
