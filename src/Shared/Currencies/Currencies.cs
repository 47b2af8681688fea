namespace Proofsheet.Shared.Currencies;

/// <summary>The currencies a studio may sell in, with the digits of their minor unit (ISO 4217, list one) and the largest amount of one payment.</summary>
public static class Currencies
{
    // Stripe, "Supported currencies", minimum and maximum charge amounts: up to eight digits, and up to twelve for IDR.
    private const long EightDigits = 99_999_999;
    private const long TenDigits = 9_999_999_999;
    private const long TwelveDigits = 999_999_999_999;

    private static readonly Dictionary<string, int> MinorDigits = new(StringComparer.Ordinal)
    {
        ["AED"] = 2, ["ARS"] = 2, ["AUD"] = 2, ["BGN"] = 2, ["BHD"] = 3, ["BRL"] = 2, ["CAD"] = 2, ["CHF"] = 2,
        ["CLP"] = 0, ["CNY"] = 2, ["COP"] = 2, ["CZK"] = 2, ["DKK"] = 2, ["EUR"] = 2, ["GBP"] = 2, ["HKD"] = 2,
        ["HUF"] = 2, ["IDR"] = 2, ["ILS"] = 2, ["INR"] = 2, ["ISK"] = 0, ["JOD"] = 3, ["JPY"] = 0, ["KRW"] = 0,
        ["KWD"] = 3, ["MXN"] = 2, ["MYR"] = 2, ["NOK"] = 2, ["NZD"] = 2, ["OMR"] = 3, ["PHP"] = 2, ["PLN"] = 2,
        ["RON"] = 2, ["SAR"] = 2, ["SEK"] = 2, ["SGD"] = 2, ["THB"] = 2, ["TND"] = 3, ["TRY"] = 2, ["TWD"] = 2,
        ["UAH"] = 2, ["USD"] = 2, ["VND"] = 0, ["ZAR"] = 2,
    };

    // Eight digits of these are less than what an album and its prints cost (docs/decisions/0035-amount-limits.md).
    private static readonly Dictionary<string, long> LargerAmounts = new(StringComparer.Ordinal)
    {
        ["ARS"] = TenDigits, ["COP"] = TenDigits, ["HUF"] = TenDigits, ["IDR"] = TwelveDigits, ["VND"] = TenDigits,
    };

    public static IReadOnlyCollection<string> All => MinorDigits.Keys;

    public static int? Digits(string? currency) => currency is not null && MinorDigits.TryGetValue(currency, out var digits) ? digits : null;

    /// <summary>The largest price and the largest total of an order, in minor units.</summary>
    public static long MaxAmount(string currency) => LargerAmounts.GetValueOrDefault(currency, EightDigits);

    /// <summary>For error texts: <c>99999999 minor units (999,999.99 EUR)</c>.</summary>
    public static string MaxAmountText(string currency)
    {
        var most = new Money(MaxAmount(currency), currency);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{most.Amount} minor units ({most})");
    }
}
