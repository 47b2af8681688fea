import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { type Order, problemOf } from "../api";
import { usePhoto } from "../gallery/use-photos";
import { formatMoney } from "../lib/money";
import { altOf, describeOptions, isolated, longDate, plural } from "../lib/text";
import { Failed } from "../pages/messages";
import { Footer, PageHead } from "../ui/chrome";
import { PageSkeleton } from "../ui/skeletons";
import { countryName } from "./checkout-form";
import { CroppedPicture } from "./cropped-picture";
import { DownloadList } from "./download-list";
import FindOrder from "./find-order";
import { useOrderPlace } from "./order-place";
import { PaymentPanel } from "./payment-panel";
import { Totals } from "./totals";

const SETTLED = ["paid", "processing", "shipped", "completed", "refunded"];

/** The page of an order: payment, status, downloads. */
export default function OrderPage() {
  const { scope, slug, api, branding } = useOrderPlace();
  const orderId = useParams().orderId ?? "";
  const query = useQuery({
    queryKey: [...scope, "order", orderId],
    queryFn: ({ signal }) => api.order(orderId, signal),
    staleTime: 0,
    // A delayed payment reaches the studio first, so the page polls until it has arrived.
    refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? 2500 : false),
  });
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per order.
  useEffect(() => {
    // The cart has become an order, so refetching shows an empty cart.
    void queries.invalidateQueries({ queryKey: [...scope, "cart"] });
  }, [queries, orderId]);
  if (query.isPending) {
    return <PageSkeleton label="Loading your order" />;
  }

  if (query.isError && !query.data && [401, 404].includes(problemOf(query.error).status)) {
    return <FindOrder />;
  }

  if (query.isError && !query.data) {
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  }

  const order = query.data;
  const paid = SETTLED.includes(order.status);
  return (
    <>
      {slug && <PageHead />}
      <main className="page order" id="main">
        <header className="page-title">
          <p className="eyebrow">Order {order.number}</p>
          <h1>
            {paid
              ? "Thank you"
              : order.status === "canceled"
                ? "This order was canceled"
                : isWaiting(order)
                  ? "Almost there"
                  : "One more step"}
          </h1>
          <p className="order-state" role="status">
            {stateText(order, branding.name)}
          </p>
        </header>
        <div className="cart-columns">
          <div>
            {paid && <DownloadList order={order} />}
            {!paid && order.status !== "canceled" && <PaymentPanel order={order} payment={order.payment} />}
            <section aria-labelledby="items">
              <h2 id="items" className="small-head">
                What you ordered
              </h2>
              <ul className="order-lines">
                {order.items.map((item) => (
                  <OrderLine key={item.id} item={item} paid={paid} />
                ))}
              </ul>
            </section>
          </div>
          <aside className="cart-end" aria-label="Total">
            <Totals {...order} requiresShipping={order.shippingMethod !== null} shippingChosen />
            {order.shippingAddress && (
              <address className="order-address">
                <b>Goes to</b>
                {[
                  order.name,
                  order.shippingAddress.line1,
                  order.shippingAddress.line2,
                  [order.shippingAddress.postalCode, order.shippingAddress.city].filter(Boolean).join(" "),
                  order.shippingAddress.region,
                  countryName(order.shippingAddress.country),
                ]
                  .filter(Boolean)
                  .map((line, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the address never changes, and two of its lines may be equal.
                    <span key={index} dir="auto">
                      {line}
                    </span>
                  ))}
              </address>
            )}
            <p className="hint">Placed on {longDate(order.createdAt)}. The link in the mail about it opens this page again.</p>
            {slug && (
              <p>
                <Link to={`/g/${slug}`}>Back to the photographs</Link>
              </p>
            )}
          </aside>
        </div>
      </main>
      <Footer branding={branding} />
    </>
  );
}

function OrderLine({ item, paid }: { item: Order["items"][number]; paid: boolean }) {
  const { slug } = useOrderPlace();
  return (
    <li className={slug ? "order-line" : "order-line order-line-plain"}>
      {slug && <OrderPicture item={item} />}
      <div>
        <h3 dir="auto">{item.productName}</h3>
        <p dir="auto">{[describeOptions(item.options), item.quantity > 1 && plural(item.quantity, "piece")].filter(Boolean).join(" · ")}</p>
        <p className="cart-line-file" dir="auto">
          {item.fileName}
        </p>
        {paid && item.type !== "digital" && <p className="badge">{ITEM_STATES[item.status] ?? "Being prepared"}</p>}
      </div>
      <p className="cart-line-price">{formatMoney(item.lineTotal)}</p>
    </li>
  );
}

function OrderPicture({ item }: { item: Order["items"][number] }) {
  const photo = usePhoto(item.photoId).data;
  return <span className="cart-line-picture">{photo && <CroppedPicture photo={photo} crop={item.crop} alt={altOf(photo, 0)} />}</span>;
}

const ITEM_STATES: Record<string, string> = {
  pending: "Being prepared",
  paid: "Being prepared",
  processing: "In print",
  shipped: "On its way to you",
  completed: "Delivered",
  canceled: "Canceled",
  refunded: "Refunded",
};

function isWaiting(order: Order): boolean {
  return (
    !SETTLED.includes(order.status) &&
    order.status !== "canceled" &&
    (order.payment.status === "processing" || order.payment.status === "succeeded")
  );
}

function stateText(order: Order, studio: string): string {
  switch (order.status) {
    case "pending":
      switch (order.payment.status) {
        case "succeeded":
          return "Your payment has arrived. The order is being confirmed.";
        case "processing":
          return "Your order is saved and waits for its payment to arrive.";
        default:
          return "Your order is saved. Pay to send it on its way.";
      }
    case "paid":
      return `Your payment has arrived, and a confirmation is on its way to ${order.email}.`;
    case "processing":
      return `${isolated(studio)} is working on your order.`;
    case "shipped":
      return "Your order is on its way to you.";
    case "completed":
      return "Everything has been delivered. Enjoy.";
    case "refunded":
      return "Your money has been sent back.";
    case "canceled":
      return "Nothing was charged. Ask the studio if this surprises you.";
    default:
      return "";
  }
}
