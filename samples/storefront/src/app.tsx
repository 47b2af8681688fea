import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { BrowserRouter, Outlet, Route, Routes, useLocation } from "react-router";
import { problemOf } from "./api";
import { Brand } from "./branding/brand";
import { FrontPage } from "./pages/front-page";
import { GalleryPage } from "./pages/gallery-page";
import { GalleryRoute } from "./pages/gallery-route";
import { NotFound } from "./pages/messages";
import { lockSession } from "./session";
import { PageSkeleton } from "./ui/skeletons";
import { Toasts } from "./ui/toasts";

// Pages that are only needed in an open gallery are loaded on demand.
const PicksPage = lazy(() => import("./pages/picks-page"));
const CartPage = lazy(() => import("./shop/cart-page"));
const CheckoutPage = lazy(() => import("./shop/checkout-page"));
const OrdersPage = lazy(() => import("./shop/orders-page"));
const OrderPage = lazy(() => import("./shop/order-page"));
const OrderEntry = lazy(() => import("./shop/order-entry"));
const FindOrder = lazy(() => import("./shop/find-order"));

/** A visitor token ends when it expires or when the studio changes the requirement; the gallery then has to be unlocked again. */
function lockOn401(error: unknown, key: readonly unknown[] | undefined) {
  if (problemOf(error).status === 401 && key?.[0] === "gallery" && typeof key[1] === "string") {
    lockSession(key[1]);
  }
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => lockOn401(error, query.queryKey) }),
  mutationCache: new MutationCache({ onError: (error, _variables, _result, mutation) => lockOn401(error, mutation.options.mutationKey) }),
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      // The SDK already retries what can be retried.
      retry: false,
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <Toasts>
          <Routes>
            <Route element={<Shell />}>
              <Route index element={<FrontPage />} />
              <Route path="g/:slug" element={<GalleryRoute />}>
                <Route index element={<GalleryPage />} />
                <Route path="picks" element={<PicksPage />} />
                <Route path="cart" element={<CartPage />} />
                <Route path="checkout" element={<CheckoutPage />} />
                <Route path="orders" element={<OrdersPage />} />
                <Route path="*" element={<NotFound />} />
              </Route>
              <Route path="g/:slug/orders/:orderId" element={<OrderEntry />}>
                <Route index element={<OrderPage />} />
              </Route>
              <Route path="orders" element={<FindOrder />} />
              <Route path="orders/:orderId" element={<OrderEntry />} />
              <Route path="*" element={<NotFound />} />
            </Route>
          </Routes>
        </Toasts>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

function Shell() {
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new page starts at the top.
  useEffect(() => {
    window.scrollTo({ top: 0, behavior: "instant" });
  }, [pathname]);
  return (
    <Brand>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Suspense fallback={<PageSkeleton />}>
        <Outlet />
      </Suspense>
    </Brand>
  );
}

export function StartFailed() {
  return (
    <main className="message" id="main">
      <h1>We could not open this page</h1>
      <p>Check your connection and try again.</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  );
}
