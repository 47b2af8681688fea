using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.Payments.Simulator;

internal enum CardBehavior
{
    Succeeds,
    IsDeclined,
    LacksFunds,
    NeedsAuthentication,
    SucceedsLate,
}

/// <summary>The test cards, with the numbers that developers know from Stripe, and a fixed token each for tests without a card form.</summary>
internal static class TestCards
{
    public static readonly IReadOnlyDictionary<string, CardBehavior> ByNumber = new Dictionary<string, CardBehavior>(StringComparer.Ordinal)
    {
        ["4242424242424242"] = CardBehavior.Succeeds,
        ["4000000000000002"] = CardBehavior.IsDeclined,
        ["4000000000009995"] = CardBehavior.LacksFunds,
        ["4000002500003155"] = CardBehavior.NeedsAuthentication,
        ["4000000000000077"] = CardBehavior.SucceedsLate,
    };

    public static readonly IReadOnlyDictionary<string, CardBehavior> ByToken = new Dictionary<string, CardBehavior>(StringComparer.Ordinal)
    {
        ["tok_success"] = CardBehavior.Succeeds,
        ["tok_declined"] = CardBehavior.IsDeclined,
        ["tok_insufficient_funds"] = CardBehavior.LacksFunds,
        ["tok_authentication"] = CardBehavior.NeedsAuthentication,
        ["tok_late_success"] = CardBehavior.SucceedsLate,
    };
}

/// <summary>What a payer enters in the simulator's card form.</summary>
public sealed record CardDetails
{
    public required string Number { get; init; }

    /// <summary>1 to 12.</summary>
    public required int ExpiryMonth { get; init; }

    /// <summary>Four digits.</summary>
    public required int ExpiryYear { get; init; }

    public required string Cvc { get; init; }

    // Never the number, because records print all fields into logs.
    public override string ToString() => "card";
}

/// <summary>
/// Turns a card into a signed token that says how the card behaves. No part of the number is kept or
/// passed on. Only the known test numbers are accepted, so that no real card ends up in the simulator.
/// </summary>
internal sealed class CardTokens(Keyring keyring, TimeProvider clock)
{
    private const string Purpose = "payments-simulator-token";
    private const string Prefix = "tok_";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public string Make(CardDetails card)
    {
        var now = clock.GetUtcNow();
        var number = card.Number.Replace(" ", "", StringComparison.Ordinal);
        if (!TestCards.ByNumber.TryGetValue(number, out var behavior))
        {
            throw Refused("Only test cards work here, such as 4242 4242 4242 4242.");
        }

        if (card.ExpiryMonth is < 1 or > 12 || card.ExpiryYear is < 2000 or > 2099 || new DateTimeOffset(card.ExpiryYear, card.ExpiryMonth, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) <= now)
        {
            throw Refused("The card has expired, or its expiry is not a month and a year.");
        }

        if (card.Cvc.Length is < 3 or > 4 || !card.Cvc.All(char.IsAsciiDigit))
        {
            throw Refused("The card's security code has three or four digits.");
        }

        return Prefix + keyring.Sign(Purpose, $"{behavior}:{(now + Lifetime).ToUnixTimeSeconds()}");
    }

    public CardBehavior Read(string token)
    {
        if (TestCards.ByToken.TryGetValue(token, out var known))
        {
            return known;
        }

        if (token.StartsWith(Prefix, StringComparison.Ordinal) && keyring.Verify(Purpose, token[Prefix.Length..]) is { } text)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var ends = long.Parse(text.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
            return clock.GetUtcNow().ToUnixTimeSeconds() < ends
                ? Enum.Parse<CardBehavior>(text[..colon])
                : throw Refused("The payment method's token is older than an hour. Enter the card again.");
        }

        // Not repeated in the message, because someone may have sent a card number.
        throw Refused("This is not a token of a payment method.");
    }

    private static PaymentException Refused(string why) => new(PaymentErrors.MethodNotAcceptable, why);
}
