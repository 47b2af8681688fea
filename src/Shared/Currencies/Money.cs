using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Shared.Currencies;

/// <summary>An amount in the currency's minor units: <c>{ "amount": 1299, "currency": "USD" }</c> is 12.99 US dollars.</summary>
/// <param name="Amount">Minor units: cents for USD, yen for JPY, thousandths for KWD.</param>
/// <param name="Currency">ISO 4217 code in capitals.</param>
public readonly record struct Money(long Amount, [property: StringLength(3, MinimumLength = 3)] string Currency)
{
    public static Money Zero(string currency) => new(0, currency);

    public static Money operator +(Money left, Money right) => new(checked(left.Amount + right.Amount), left.Same(right));

    public static Money operator -(Money left, Money right) => new(checked(left.Amount - right.Amount), left.Same(right));

    public static Money operator *(Money left, int right) => left with { Amount = checked(left.Amount * right) };

    /// <summary>This fraction of the amount, in basis points, rounded half to even, as all taxes are here.</summary>
    public Money Share(int basisPoints) =>
        this with { Amount = (long)decimal.Round(Amount * (decimal)basisPoints / 10_000m, 0, MidpointRounding.ToEven) };

    /// <summary>Splits the amount in proportion to the weights; the parts always add up to the whole (largest remainder method).</summary>
    public IReadOnlyList<Money> Split(IReadOnlyList<long> weights)
    {
        var (amount, currency) = this;
        var total = weights.Sum();
        if (total == 0)
        {
            return [.. weights.Select((_, i) => new Money(i == 0 ? amount : 0, currency))];
        }

        // The products of the largest amounts exceed what a decimal holds.
        var parts = weights.Select(w => (long)((Int128)amount * w / total)).ToList();
        var rest = amount - parts.Sum();
        foreach (var i in Enumerable.Range(0, parts.Count).OrderByDescending(i => (Int128)amount * weights[i] % total).Take((int)rest))
        {
            parts[i]++;
        }

        return [.. parts.Select(p => new Money(p, currency))];
    }

    /// <summary>For display: <c>12.99 USD</c>, <c>1299 JPY</c>.</summary>
    public override string ToString()
    {
        var digits = Currencies.Digits(Currency) ?? 2;
        var scale = (decimal)Math.Pow(10, digits);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(Amount / scale).ToString($"N{digits}", System.Globalization.CultureInfo.InvariantCulture)} {Currency}");
    }

    private string Same(Money other) => Currency == other.Currency
        ? Currency
        : throw new InvalidOperationException($"{Currency} and {other.Currency} do not add up.");
}
