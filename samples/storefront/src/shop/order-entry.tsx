import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { buyer, front } from "../api";
import { useLook, useTitle } from "../branding/brand";
import { GalleryRoute } from "../pages/gallery-route";
import { Failed } from "../pages/messages";
import { isOpen, useSession } from "../session";
import { PageSkeleton } from "../ui/skeletons";
import { useOnce } from "../ui/use-once";
import FindOrder from "./find-order";
import OrderPage from "./order-page";
import { OrderPlaceContext } from "./order-place";
import { readOrderSession, writeOrderSession } from "./order-session";

const LINK = "#order=";

/** An order's address: opened by the link of a mail on any device, or in its gallery on the device that it was made on. */
export default function OrderEntry() {
  const { slug, orderId = "" } = useParams();
  const { hash } = useLocation();
  const visit = useSession((slug ?? "").toLowerCase());
  if (hash.startsWith(LINK)) {
    return <OpenByLink key={hash} orderId={orderId} token={hash.slice(LINK.length)} />;
  }

  const session = readOrderSession(orderId);
  if (session) {
    return <Alone key={session.token} token={session.token} />;
  }

  return slug && (visit?.refreshToken || isOpen(visit)) ? <GalleryRoute /> : <FindOrder />;
}

/** Opens the order with the token in the address, and takes it out of there. */
function OpenByLink({ orderId, token }: { orderId: string; token: string }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { mutate, ...opening } = useMutation({
    mutationFn: () => front.openOrder({ token }),
    onSuccess: (opened) => {
      writeOrderSession(opened.orderId, opened);
      void navigate(opened.orderId === orderId ? pathname : `/orders/${opened.orderId}`, { replace: true });
    },
  });
  useOnce(mutate);
  if (!opening.isError) {
    return <PageSkeleton label="Opening your order" />;
  }

  return <FindOrder link={{ error: opening.error, retry: () => mutate() }} />;
}

function Alone({ token }: { token: string }) {
  const studio = useQuery({ queryKey: ["front"], queryFn: ({ signal }) => front.studio(signal) });
  const { branding } = studio.data ?? {};
  useLook(branding);
  useTitle(branding && `Your order · ${branding.name}`);
  const place = useMemo(() => branding && { scope: ["order", token] as const, api: buyer(token), branding, slug: null }, [token, branding]);
  if (studio.isError) {
    return <Failed error={studio.error} retry={() => void studio.refetch()} />;
  }

  return place ? (
    <OrderPlaceContext value={place}>
      <OrderPage />
    </OrderPlaceContext>
  ) : (
    <PageSkeleton label="Opening your order" />
  );
}
