import { useQuery } from "@tanstack/react-query";
import { type Order, problemOf } from "../api";
import { sizeName } from "../downloads/words";
import { fileSize, longDate, plural } from "../lib/text";
import { Icon } from "../ui/icons";
import { useOrderPlace } from "./order-place";

export function DownloadList({ order }: { order: Order }) {
  const { scope, api } = useOrderPlace();
  const bought = order.items.filter((item) => item.type === "digital").length;
  const query = useQuery({
    queryKey: [...scope, "downloads", order.id],
    queryFn: ({ signal }) => api.downloads(order.id, signal),
    enabled: bought > 0,
    staleTime: 0,
    // Downloads are prepared one by one, shortly after the payment.
    refetchInterval: ({ state }) => (state.data && state.data.files.length < bought && state.dataUpdateCount < 60 ? 2000 : false),
    refetchOnWindowFocus: true,
  });
  if (bought === 0) {
    return null;
  }

  const files = query.data?.files ?? [];
  return (
    <section className="downloads" aria-labelledby="downloads">
      <h2 id="downloads">Your files</h2>
      {query.isError ? (
        <p role="alert">
          {problemOf(query.error).detail}{" "}
          <button type="button" className="link-button" onClick={() => void query.refetch()}>
            Try again
          </button>
        </p>
      ) : files.length === 0 ? (
        <p role="status">Your files are being made ready …</p>
      ) : (
        <>
          <ul>
            {files.map((file) => (
              <li key={file.grantId} className="download">
                <span>
                  <b dir="auto">{file.fileName}</b>
                  <small>
                    {sizeName(file.size)} · {fileSize(file.bytes)} · {plural(file.remainingDownloadCount, "download")} left · until{" "}
                    {longDate(file.expiresAt)}
                  </small>
                </span>
                {file.url ? (
                  <a className="button button-quiet" href={file.url} download={file.fileName} aria-label={`Download ${file.fileName}`}>
                    <Icon name="download" />
                    Download
                  </a>
                ) : (
                  <span className="hint">{file.remainingDownloadCount > 0 ? "Its time is over" : "Used up"}: ask the studio</span>
                )}
              </li>
            ))}
          </ul>
          {files.length < bought && <p role="status">{plural(bought - files.length, "more file")} being made ready …</p>}
          {query.data?.zipUrl && (
            <a className="button" href={query.data.zipUrl} download>
              <Icon name="download" />
              Download all as ZIP
            </a>
          )}
        </>
      )}
    </section>
  );
}
