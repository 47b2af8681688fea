using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofsheet.Api.Http;

/// <summary>
/// An enum in a query, spelled in snake_case as everywhere in the API. The framework would accept the C# spelling,
/// and numbers too.
/// </summary>
public readonly record struct Choice<T>(T Value) : IParsable<Choice<T>>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Names = Enum.GetValues<T>().ToDictionary(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()), StringComparer.Ordinal);

    public static Choice<T> Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var choice) ? choice : throw new FormatException($"One of {string.Join(", ", Names.Keys)}.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Choice<T> result)
    {
        var known = Names.TryGetValue(s ?? "", out var value);
        result = new(value);
        return known;
    }

    public override string ToString() => JsonNamingPolicy.SnakeCaseLower.ConvertName(Value.ToString());
}
