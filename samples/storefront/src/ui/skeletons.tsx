export function PageSkeleton({ label = "Loading" }: { label?: string }) {
  return (
    <main className="page" id="main" aria-busy="true">
      <p className="visually-hidden" role="status">
        {label}
      </p>
      <h1 className="visually-hidden">{label}</h1>
      <div className="skeleton skeleton-title" />
      <div className="skeleton skeleton-line" />
      <div className="skeleton skeleton-line short" />
    </main>
  );
}

export function TilesSkeleton() {
  return (
    <div className="tiles-skeleton" role="status">
      <span className="visually-hidden">Loading the photographs</span>
      {Array.from({ length: 9 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all are identical, and never reordered.
        <div key={index} className="skeleton" />
      ))}
    </div>
  );
}
