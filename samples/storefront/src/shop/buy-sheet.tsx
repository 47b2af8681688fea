import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { type Choices, type Crop, type Offer, type Photo, problemOf } from "../api";
import { useGallery } from "../gallery/context";
import { Picture } from "../gallery/picture";
import { largestCrop, needsCrop, printAspect, rounded } from "../lib/crop";
import { aspect } from "../lib/layouts";
import { formatMoney, times } from "../lib/money";
import { altOf, isolated, plural } from "../lib/text";
import { Sheet } from "../ui/modal";
import { useToasts } from "../ui/toasts";
import { CropEditor } from "./crop-editor";
import { Quantity } from "./quantity";
import { useCart } from "./use-cart";
import { choose, firstChoices, valuesOf, variantOf } from "./variants";

export function BuySheet({ photo, onClose }: { photo: Photo; onClose: () => void }) {
  const { slug, api } = useGallery();
  const offers = useQuery({ queryKey: ["gallery", slug, "offers"], queryFn: ({ signal }) => api.offers(signal), staleTime: 5 * 60_000 });
  const sold = (offers.data ?? []).filter((offer) => offer.variants.length > 0);
  return (
    <Sheet title="Take it home" onClose={onClose} wide>
      {offers.isPending && (
        <div role="status">
          <span className="visually-hidden">Loading the products</span>
          <div className="skeleton skeleton-buy" />
        </div>
      )}
      {offers.isError && (
        <div role="alert">
          <p>{problemOf(offers.error).detail}</p>
          <button type="button" className="button" onClick={() => void offers.refetch()}>
            Try again
          </button>
        </div>
      )}
      {offers.isSuccess &&
        (sold.length === 0 ? (
          <p className="empty">Nothing is for sale in this gallery yet. Ask the studio if you would like a print.</p>
        ) : (
          <Chooser photo={photo} offers={sold} onClose={onClose} />
        ))}
    </Sheet>
  );
}

function Chooser({ photo, offers, onClose }: { photo: Photo; offers: Offer[]; onClose: () => void }) {
  const { slug } = useGallery();
  const { add, cart } = useCart();
  const toasts = useToasts();
  const [productId, setProductId] = useState(offers[0]!.productId);
  const offer = offers.find((other) => other.productId === productId) ?? offers[0]!;
  const [chosen, setChosen] = useState<Choices>(() => firstChoices(offer));
  const [quantity, setQuantity] = useState(1);
  const [crop, setCrop] = useState<Crop | null>(null);
  const variant = variantOf(offer, chosen);
  const ratio = aspect(photo.currentVersion);
  const paper = variant?.widthMm && variant.heightMm ? printAspect(variant.widthMm, variant.heightMm, ratio) : null;
  const cropped = paper !== null && needsCrop(ratio, paper) ? (crop ?? largestCrop(ratio, paper)) : null;
  const digital = offer.type === "digital";

  const take = (next: Choices) => {
    setChosen(next);
    setCrop(null);
  };
  const takeProduct = (id: string) => {
    setProductId(id);
    setQuantity(1);
    take(firstChoices(offers.find((other) => other.productId === id)!));
  };
  const put = () =>
    add.mutate(
      {
        photoId: photo.id,
        productId: offer.productId,
        options: chosen,
        quantity: digital ? 1 : quantity,
        ...(cropped ? { crop: rounded(cropped) } : {}),
      },
      {
        onSuccess: () => {
          toasts.say(`${isolated(offer.name)} is in your cart.`);
          onClose();
        },
      },
    );

  return (
    <div className="buy">
      <div className="buy-picture">
        {cropped && paper ? (
          <CropEditor photo={photo} crop={cropped} onChange={setCrop} />
        ) : (
          <Picture photo={photo} alt={altOf(photo, 0)} sizes="(min-width: 900px) 480px, 90vw" eager />
        )}
        <p className="hint">
          {cropped
            ? "The paper has another shape than the picture. Drag the frame, or use the arrow keys, to choose what is printed."
            : digital
              ? "You receive the file without a watermark, as soon as it is paid."
              : "The whole picture is printed."}
        </p>
      </div>
      <form
        className="buy-form"
        onSubmit={(event) => {
          event.preventDefault();
          put();
        }}
      >
        <fieldset className="choices choices-products">
          <legend>Product</legend>
          {offers.map((other) => (
            <label key={other.productId} className="choice">
              <input
                type="radio"
                name="product"
                checked={other.productId === offer.productId}
                onChange={() => takeProduct(other.productId)}
              />
              <span>
                <bdi>{other.name}</bdi>
                <small>from {formatMoney(variantOf(other, firstChoices(other))!.price)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        {offer.description && (
          <p className="buy-description" dir="auto">
            {offer.description}
          </p>
        )}
        {offer.options.map((option) => (
          <fieldset key={option.name} className="choices">
            <legend dir="auto">{option.name}</legend>
            {valuesOf(offer, option, chosen).map(({ value, sold }) => (
              <label key={value} className={sold ? "choice" : "choice choice-other"}>
                <input
                  type="radio"
                  name={option.name}
                  checked={chosen[option.name] === value}
                  onChange={() => take(choose(offer, chosen, option.name, value))}
                />
                <span dir="auto">{value}</span>
              </label>
            ))}
          </fieldset>
        ))}
        <div className="buy-end">
          {!digital && <Quantity value={quantity} onChange={setQuantity} of={offer.name} />}
          <p className="buy-price" aria-live="polite">
            {variant ? formatMoney(times(variant.price, digital ? 1 : quantity)) : "Not for sale"}
          </p>
          <button type="submit" className="button" disabled={!variant || offer.isSoldOut || add.isPending}>
            {offer.isSoldOut ? "Sold out" : add.isPending ? "Adding …" : "Add to cart"}
          </button>
        </div>
        {cart && cart.items.length > 0 && (
          <p className="hint">
            <Link to={`/g/${slug}/cart`}>Your cart</Link> holds {plural(cart.items.length, "item")}, {formatMoney(cart.subtotal)}.
          </p>
        )}
      </form>
    </div>
  );
}
