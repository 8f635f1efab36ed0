export function Mark({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={className} fill="currentColor" aria-hidden="true">
      <path d="M3 3h18v3H3zM5 8h3v11H5zM10.500 8h3v11h-3zM16 8h3v11h-3zM3 20h18v1.500H3z" />
    </svg>
  );
}
