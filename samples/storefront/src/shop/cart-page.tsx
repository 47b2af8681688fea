import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { type Cart, type CartItem, problemOf } from "../api";
import { useGallery } from "../gallery/context";
import { usePhoto } from "../gallery/use-photos";
import { formatMoney } from "../lib/money";
import { altOf, describeOptions } from "../lib/text";
import { Failed } from "../pages/messages";
import { Footer, PageHead } from "../ui/chrome";
import { Icon } from "../ui/icons";
import { PageSkeleton } from "../ui/skeletons";
import { CroppedPicture } from "./cropped-picture";
import { Quantity } from "./quantity";
import { Totals } from "./totals";
import { useCart } from "./use-cart";

export default function CartPage() {
  const { slug, front } = useGallery();
  const { query, cart, change, remove, setQuantity } = useCart();
  if (query.isLoading) {
    return <PageSkeleton label="Loading your cart" />;
  }

  if (query.isError && !cart) {
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  }

  const empty = !cart || cart.items.length === 0;
  return (
    <>
      <PageHead />
      <main className="page cart" id="main">
        <header className="page-title">
          <p className="eyebrow" dir="auto">
            {front.title}
          </p>
          <h1>Your cart</h1>
        </header>
        {empty ? (
          <div className="empty">
            <h2>Nothing here yet</h2>
            <p>Open a photograph and choose “Buy” to have it as a print or a file.</p>
            <p>
              <Link className="button" to={`/g/${slug}`}>
                Back to the photographs
              </Link>
            </p>
            <p>
              <Link to={`/g/${slug}/orders`}>Your orders</Link>
            </p>
          </div>
        ) : (
          <div className="cart-columns">
            <ul className="cart-lines" aria-label="What is in the cart">
              {cart.items.map((item) => (
                <CartLine
                  key={item.id}
                  item={item}
                  onRemove={() => remove(item)}
                  onQuantity={(quantity) => setQuantity(item, quantity)}
                  busy={change.isPending}
                />
              ))}
            </ul>
            <CartEnd cart={cart} />
          </div>
        )}
      </main>
      <Footer branding={front.branding} />
    </>
  );
}

function CartLine({
  item,
  onRemove,
  onQuantity,
  busy,
}: {
  item: CartItem;
  onRemove: () => void;
  onQuantity: (quantity: number) => void;
  busy: boolean;
}) {
  const { slug } = useGallery();
  const photo = usePhoto(item.photoId).data;
  const name = photo ? altOf(photo, 0) : item.productName;
  return (
    <li className="cart-line">
      <Link
        to={`/g/${slug}?photo=${item.photoId}`}
        className="cart-line-picture"
        aria-label={`See the photograph of this ${item.productName}`}
      >
        {photo ? <CroppedPicture photo={photo} crop={item.crop} alt={name} /> : <span className="skeleton" />}
      </Link>
      <div className="cart-line-text">
        <h2 dir="auto">{item.productName}</h2>
        <p dir="auto">{describeOptions(item.options)}</p>
        {photo && (
          <p className="cart-line-file" dir="auto">
            {photo.title ?? photo.currentVersion.fileName}
          </p>
        )}
        {item.problem && (
          <p className="field-error" role="alert">
            {PROBLEMS[item.problem] ?? "This cannot be bought any more."}
          </p>
        )}
      </div>
      <div className="cart-line-end">
        {item.type === "digital" ? (
          <span className="cart-line-one">One file</span>
        ) : (
          <Quantity value={item.quantity} onChange={onQuantity} of={item.productName} disabled={busy} />
        )}
        <p className="cart-line-price">{formatMoney(item.lineTotal)}</p>
        <button
          type="button"
          className="icon-button"
          aria-label={`Remove ${item.productName} from the cart`}
          disabled={busy}
          onClick={onRemove}
        >
          <Icon name="trash" />
        </button>
      </div>
    </li>
  );
}

const PROBLEMS: Record<string, string> = {
  photo_unavailable: "The studio has taken this photograph out of the gallery.",
  product_unavailable: "This is not sold any more, or not in this form.",
  sold_out: "Fewer of these are left than you want.",
};

function CartEnd({ cart }: { cart: Cart }) {
  return (
    <aside className="cart-end" aria-label="Total">
      <div className="cart-end-parts">
        <Discount cart={cart} />
        {cart.requiresShipping && <Shipping cart={cart} />}
        <Totals {...cart} shippingChosen={cart.shippingMethodId != null} />
      </div>
      <NextStep cart={cart} />
    </aside>
  );
}

/** What comes next, with the total: always in sight, however long the cart is. */
function NextStep({ cart }: { cart: Cart }) {
  const { slug } = useGallery();
  return (
    <div className="cart-next">
      <p className="cart-next-total">
        Total <b>{formatMoney(cart.total)}</b>
      </p>
      {cart.requiresShipping && cart.shippingMethodId == null ? (
        <button type="button" className="button button-wide" onClick={goToShipping}>
          Choose how it is sent
        </button>
      ) : cart.items.some((item) => item.problem) || !cart.isDiscountValid ? (
        <p className="hint">Remove what does not hold any more to go on.</p>
      ) : (
        <Link className="button button-wide" to={`/g/${slug}/checkout`}>
          To the checkout
        </Link>
      )}
    </div>
  );
}

function goToShipping() {
  const first = document.querySelector<HTMLInputElement>(".choices-shipping input");
  first?.focus({ preventScroll: true });
  first?.closest("fieldset")?.scrollIntoView({ block: "center" });
}

function Discount({ cart }: { cart: Cart }) {
  const { api } = useGallery();
  const { change } = useCart();
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  if (cart.discountCode && cart.isDiscountValid && cart.unmetDiscountMinimum) {
    return (
      <p className="discount-set discount-ended" role="status">
        <Icon name="close" />
        <span>
          {cart.discountCode} applies from {formatMoney(cart.unmetDiscountMinimum.minimumSubtotal)}:{" "}
          {formatMoney(cart.unmetDiscountMinimum.missing)} more to go
        </span>
        <button type="button" className="link-button" onClick={() => change.mutate((id) => api.removeDiscount(id))}>
          Remove
        </button>
      </p>
    );
  }

  if (cart.discountCode) {
    return (
      <p className={!cart.isDiscountValid ? "discount-set discount-ended" : "discount-set"}>
        <Icon name={!cart.isDiscountValid ? "close" : "check"} />
        <span>
          {cart.discountCode} {!cart.isDiscountValid ? "holds no more" : "is applied"}
        </span>
        <button type="button" className="link-button" onClick={() => change.mutate((id) => api.removeDiscount(id))}>
          Remove
        </button>
      </p>
    );
  }

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim()) {
      setError(null);
      change.mutate(async (id) => {
        try {
          return await api.setDiscount(id, code.trim());
        } catch (refused) {
          if (problemOf(refused).status >= 400 && problemOf(refused).status < 500) {
            setError(problemOf(refused).detail);
            return cart;
          }

          throw refused;
        }
      });
    }
  };
  return (
    <form className="discount" onSubmit={submit}>
      <label htmlFor="discount-code">Discount code</label>
      <div className="discount-row">
        <input
          id="discount-code"
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          maxLength={50}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? "discount-error" : undefined}
          onChange={(event) => setCode(event.target.value)}
        />
        <button type="submit" className="button button-quiet" disabled={change.isPending}>
          Apply
        </button>
      </div>
      <p className="field-error" id="discount-error" role="alert">
        {error}
      </p>
    </form>
  );
}

function Shipping({ cart }: { cart: Cart }) {
  const { api } = useGallery();
  const { change } = useCart();
  return (
    <fieldset className="choices choices-shipping">
      <legend>Shipping</legend>
      {(cart.shippingMethods ?? []).map((method) => (
        <label key={method.id} className="choice">
          <input
            type="radio"
            name="shipping"
            checked={cart.shippingMethodId === method.id}
            onChange={() => change.mutate((id) => api.setShipping(id, method.id))}
          />
          <span>
            <span className="choice-line">
              <bdi>{method.name}</bdi>
              <b>{formatMoney(method.price)}</b>
            </span>
            {method.description && <small dir="auto">{method.description}</small>}
          </span>
        </label>
      ))}
      {(cart.shippingMethods ?? []).length === 0 && <p className="hint">The studio has not set up shipping yet.</p>}
    </fieldset>
  );
}
