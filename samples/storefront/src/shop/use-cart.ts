import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Cart, type CartItem, type NewItem, problemOf } from "../api";
import { useGallery } from "../gallery/context";
import { isolated } from "../lib/text";
import { readSession, updateSession, useSession } from "../session";
import { useToasts } from "../ui/toasts";

/** The cart of this visit. It is created when the first item is added. */
export function useCart() {
  const { slug, api } = useGallery();
  const queries = useQueryClient();
  const toasts = useToasts();
  const cartId = useSession(slug)?.cartId;
  const key = useMemo(() => ["gallery", slug, "cart"], [slug]);
  const query = useQuery({
    queryKey: [...key, cartId],
    queryFn: async ({ signal }) => {
      try {
        const cart = await api.cart(cartId!, signal);
        // An expired quote is refreshed, so that the visitor sees current prices before paying.
        return cart.status === "ordered" ? forget() : cart.status === "expired" ? await api.refresh(cart.id) : cart;
      } catch (error) {
        // An expired cart is shown as an empty one.
        return problemOf(error).status === 404 || problemOf(error).status === 410 ? forget() : Promise.reject(error);
      }
    },
    enabled: cartId !== undefined,
  });

  const forget = () => {
    updateSession(slug, { cartId: undefined });
    return null;
  };
  const exists = (id: string) =>
    api.cart(id).then(
      () => true,
      () => false,
    );
  const keep = (cart: Cart) => {
    queries.setQueryData([...key, cart.id], cart);
    updateSession(slug, { cartId: cart.id });
  };
  const change = useMutation({
    mutationKey: key,
    scope: { id: `cart ${slug}` },
    mutationFn: (run: (cartId: string) => Promise<Cart>) => run(readSession(slug)!.cartId!),
    onSuccess: keep,
    onError: (error) => {
      toasts.fail(error);
      void queries.invalidateQueries({ queryKey: key });
    },
  });
  const add = useMutation({
    mutationKey: key,
    scope: { id: `cart ${slug}` },
    mutationFn: async (item: NewItem) => {
      const known = readSession(slug)?.cartId;
      if (known) {
        try {
          return await api.addItem(known, item);
        } catch (error) {
          if (problemOf(error).code !== "cart_ordered" && (problemOf(error).status !== 404 || (await exists(known)))) {
            throw error;
          }
        }
      }

      const made = await api.createCart();
      updateSession(slug, { cartId: made.id });
      return api.addItem(made.id, item);
    },
    onSuccess: keep,
    onError: (error, item) => toasts.fail(error, () => add.mutate(item)),
  });

  const remove = (item: CartItem) =>
    change.mutate((id) => api.removeItem(id, item.id), {
      onSuccess: () =>
        toasts.say(`${isolated(item.productName)} removed from the cart.`, { label: "Undo", run: () => add.mutate(asNew(item)) }),
    });
  return {
    query,
    cart: cartId ? (query.data ?? null) : null,
    add,
    change,
    remove,
    forget,
    setQuantity: (item: CartItem, quantity: number) => change.mutate((id) => api.changeItem(id, item.id, quantity)),
  };
}

function asNew(item: CartItem): NewItem {
  return {
    photoId: item.photoId,
    productId: item.productId,
    options: item.options,
    quantity: item.quantity,
    ...(item.crop ? { crop: item.crop } : {}),
  };
}
