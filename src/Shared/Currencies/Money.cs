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

        var exact = weights.Select(w => (decimal)amount * w / total).ToList();
        var parts = exact.Select(e => (long)decimal.Floor(e)).ToList();
        var rest = amount - parts.Sum();
        foreach (var i in Enumerable.Range(0, parts.Count).OrderByDescending(i => exact[i] - parts[i]).Take((int)rest))
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

/// <summary>The currencies a studio may sell in, with the digits of their minor unit (ISO 4217, list one).</summary>
public static class Currencies
{
    private static readonly Dictionary<string, int> MinorDigits = new(StringComparer.Ordinal)
    {
        ["AED"] = 2, ["ARS"] = 2, ["AUD"] = 2, ["BGN"] = 2, ["BHD"] = 3, ["BRL"] = 2, ["CAD"] = 2, ["CHF"] = 2,
        ["CLP"] = 0, ["CNY"] = 2, ["COP"] = 2, ["CZK"] = 2, ["DKK"] = 2, ["EUR"] = 2, ["GBP"] = 2, ["HKD"] = 2,
        ["HUF"] = 2, ["IDR"] = 2, ["ILS"] = 2, ["INR"] = 2, ["ISK"] = 0, ["JOD"] = 3, ["JPY"] = 0, ["KRW"] = 0,
        ["KWD"] = 3, ["MXN"] = 2, ["MYR"] = 2, ["NOK"] = 2, ["NZD"] = 2, ["OMR"] = 3, ["PHP"] = 2, ["PLN"] = 2,
        ["RON"] = 2, ["SAR"] = 2, ["SEK"] = 2, ["SGD"] = 2, ["THB"] = 2, ["TND"] = 3, ["TRY"] = 2, ["TWD"] = 2,
        ["UAH"] = 2, ["USD"] = 2, ["VND"] = 0, ["ZAR"] = 2,
    };

    public static IReadOnlyCollection<string> All => MinorDigits.Keys;

    public static int? Digits(string? currency) => currency is not null && MinorDigits.TryGetValue(currency, out var digits) ? digits : null;
}
