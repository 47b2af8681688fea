using System.Text.Json.Serialization.Metadata;

namespace Proofsheet.Api.Http;

/// <summary>A text for lists, headings, email headers and tables: when it is read from JSON, line breaks and other control characters become spaces.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneLineAttribute : Attribute;

internal static class OneLine
{
    private static readonly char[] Breaks = [.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl), '\u2028', '\u2029'];

    /// <summary>The text with each run of control characters replaced by one space.</summary>
    public static string Of(string text) => text.IndexOfAny(Breaks) < 0
        ? text
        : string.Join(' ', text.Split(Breaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Applied through the type's contract, because a converter on a property would remove its type from the OpenAPI document.</summary>
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
