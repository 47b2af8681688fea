import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { useGallery } from "../gallery/context";
import { formatMoney } from "../lib/money";
import { longDate, plural } from "../lib/text";
import { Failed } from "../pages/messages";
import { Footer, PageHead } from "../ui/chrome";
import { PageSkeleton } from "../ui/skeletons";

export default function OrdersPage() {
  const { slug, api, front } = useGallery();
  const query = useQuery({ queryKey: ["gallery", slug, "orders"], queryFn: ({ signal }) => api.orders(signal), staleTime: 0 });
  if (query.isPending) {
    return <PageSkeleton label="Loading your orders" />;
  }

  if (query.isError) {
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  }

  return (
    <>
      <PageHead />
      <main className="page" id="main">
        <header className="page-title">
          <p className="eyebrow" dir="auto">
            {front.title}
          </p>
          <h1>Your orders</h1>
        </header>
        {query.data.length === 0 ? (
          <div className="empty">
            <h2>No orders yet</h2>
            <p>
              <Link className="button" to={`/g/${slug}`}>
                Back to the photographs
              </Link>
            </p>
          </div>
        ) : (
          <ul className="orders">
            {query.data.map((order) => (
              <li key={order.id}>
                <Link to={`/g/${slug}/orders/${order.id}`}>
                  <b>{order.number}</b>
                  <span>{longDate(order.createdAt)}</span>
                  <span>{plural(order.items.length, "item")}</span>
                  <span>{formatMoney(order.total)}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </main>
      <Footer branding={front.branding} />
    </>
  );
}
