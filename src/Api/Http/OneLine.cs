using System.Text.Json.Serialization.Metadata;

namespace Proofsheet.Api.Http;

/// <summary>A text that is shown in lists, headings, headers of mails and tables: line breaks and other control characters in it become spaces when it is read from JSON.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneLineAttribute : Attribute;

internal static class OneLine
{
    private static readonly char[] Breaks = [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl), '\u2028', '\u2029'];

    /// <summary>The text without control characters; where some were, one space is left.</summary>
    public static string Of(string text) => text.IndexOfAny(Breaks) < 0
        ? text
        : string.Join(' ', text.Split(Breaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>By the contract of a type and not by a converter: one on a property would take its type out of the OpenAPI document.</summary>
    public static void Apply(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is { } set && property.AttributeProvider?.IsDefined(typeof(OneLineAttribute), inherit: false) == true)
            {
                property.Set = (target, value) => set(target, value is string text ? Of(text) : value);
            }
        }
    }
}
