import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, Navigate, useNavigate } from "react-router";
import { front as anyone, type Cart, type CheckoutRequest, type Order, problemOf, type ShippingAddress } from "../api";
import { useGallery } from "../gallery/context";
import { useMe } from "../gallery/use-me";
import { formatMoney } from "../lib/money";
import { describeOptions } from "../lib/text";
import { Failed } from "../pages/messages";
import { Footer, PageHead } from "../ui/chrome";
import { Field } from "../ui/field";
import { PageSkeleton } from "../ui/skeletons";
import { type CheckoutForm, checkoutErrors, countries, hasPostalCodes, knownForm } from "./checkout-form";
import { Totals } from "./totals";
import { useCart } from "./use-cart";

export default function CheckoutPage() {
  const { slug, front } = useGallery();
  const { query, cart } = useCart();
  const known = useKnownForm();
  if (query.isLoading || known === null) {
    return <PageSkeleton label="Loading the checkout" />;
  }

  if (query.isError && !cart) {
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  }

  return !cart || cart.items.length === 0 ? (
    <Navigate to={`/g/${slug}/cart`} replace />
  ) : (
    <>
      <PageHead />
      <main className="page checkout" id="main">
        <header className="page-title">
          <p className="eyebrow" dir="auto">
            {front.title}
          </p>
          <h1>Checkout</h1>
        </header>
        <div className="cart-columns">
          <Details cart={cart} known={known} />
          <aside className="cart-end" aria-label="Your order">
            <ul className="summary">
              {cart.items.map((item) => (
                <li key={item.id}>
                  <span>
                    {item.quantity} × <bdi>{item.productName}</bdi>
                    <small dir="auto">{describeOptions(item.options)}</small>
                  </span>
                  <b>{formatMoney(item.lineTotal)}</b>
                </li>
              ))}
            </ul>
            <Totals {...cart} shippingChosen={cart.shippingMethodId != null} />
            <p>
              <Link to={`/g/${slug}/cart`}>Change the cart</Link>
            </p>
          </aside>
        </div>
      </main>
      <Footer branding={front.branding} />
    </>
  );
}

/** Null until everything that could be known is there, or cannot be had: the form must not change under what is typed. */
function useKnownForm(): CheckoutForm | null {
  const { slug, api } = useGallery();
  const me = useMe();
  const studio = useQuery({ queryKey: ["front"], queryFn: ({ signal }) => anyone.studio(signal) });
  const orders = useQuery({ queryKey: ["gallery", slug, "orders"], queryFn: ({ signal }) => api.orders(signal), staleTime: 0 });
  return me.isLoading || studio.isLoading || orders.isLoading ? null : knownForm(me.data, orders.data, studio.data?.country);
}

function Details({ cart, known }: { cart: Cart; known: CheckoutForm }) {
  const { slug, api, front } = useGallery();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [form, setForm] = useState(known);
  const [checked, setChecked] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const errors = checked ? checkoutErrors(form, cart.requiresShipping) : {};
  const order = useMutation({
    mutationKey: ["gallery", slug, "checkout"],
    mutationFn: (request: CheckoutRequest) => api.checkout(cart.id, request),
    onSuccess: ({ order: made }) => {
      queries.setQueryData<Order>(["gallery", slug, "order", made.id], made);
      void navigate(`/g/${slug}/orders/${made.id}`, { replace: true });
    },
    onError: (error) => {
      const problem = problemOf(error);
      setTold(
        problem.code === "quote_changed"
          ? "The prices have changed since you opened this page. Look at the new total, then order again."
          : problem.detail,
      );
      void queries.invalidateQueries({ queryKey: ["gallery", slug, "cart"] });
    },
  });
  const set = (name: keyof CheckoutForm) => ({
    value: form[name],
    error: errors[name],
    onChange: (event: { target: { value: string } }) => setForm((old) => ({ ...old, [name]: event.target.value })),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    setTold(null);
    const wrong = Object.keys(checkoutErrors(form, cart.requiresShipping))[0];
    if (wrong) {
      (event.currentTarget.elements.namedItem(wrong) as HTMLElement | null)?.focus();
      return;
    }

    const text = (value: string) => value.trim() || undefined;
    const shippingAddress: ShippingAddress = {
      line1: form.line1.trim(),
      line2: text(form.line2),
      city: form.city.trim(),
      postalCode: hasPostalCodes(form.country) ? form.postalCode.trim() : undefined,
      region: text(form.region),
      country: form.country,
    };
    order.mutate({
      email: form.email.trim(),
      name: form.name.trim(),
      note: text(form.note),
      expectedTotal: cart.total,
      ...(cart.requiresShipping ? { shippingAddress } : {}),
    });
  };
  return (
    <form className="checkout-form" onSubmit={submit} noValidate>
      <section aria-labelledby="contact">
        <h2 id="contact">Who is it for?</h2>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          hint="The confirmation and the downloads go there."
          {...set("email")}
        />
        <Field label="Name" name="name" autoComplete="name" required maxLength={100} {...set("name")} />
      </section>
      {cart.requiresShipping && (
        <section aria-labelledby="address">
          <h2 id="address">Where does it go?</h2>
          <Field label="Street and number" name="line1" autoComplete="address-line1" required maxLength={200} {...set("line1")} />
          <Field label="Flat, floor, company" name="line2" autoComplete="address-line2" maxLength={200} {...set("line2")} />
          <div className="field-row">
            {hasPostalCodes(form.country) && (
              <Field
                label="Postal code"
                name="postalCode"
                autoComplete="postal-code"
                required
                maxLength={20}
                className="short"
                {...set("postalCode")}
              />
            )}
            <Field label="City" name="city" autoComplete="address-level2" required maxLength={100} {...set("city")} />
          </div>
          <Field label="State or region" name="region" autoComplete="address-level1" maxLength={100} {...set("region")} />
          <div className="field">
            <label htmlFor="country">Country</label>
            <select id="country" name="country" autoComplete="country" value={form.country} onChange={set("country").onChange}>
              {countries().map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        </section>
      )}
      <section aria-labelledby="words">
        <h2 id="words">Anything else?</h2>
        <div className="field">
          <label htmlFor="order-note">
            A note to <bdi>{front.branding.name}</bdi> <span className="optional">(optional)</span>
          </label>
          <textarea id="order-note" dir="auto" rows={3} maxLength={1000} {...{ value: form.note, onChange: set("note").onChange }} />
        </div>
      </section>
      <div role="alert">{told && <p className="notice notice-bad">{told}</p>}</div>
      <button type="submit" className="button button-wide" disabled={order.isPending}>
        {order.isPending ? "Ordering …" : `Order and pay ${formatMoney(cart.total)}`}
      </button>
      <p className="hint">Your card is asked for on the next page.</p>
    </form>
  );
}
