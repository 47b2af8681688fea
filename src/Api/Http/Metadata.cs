using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Proofsheet.Api.Http;

/// <summary>
/// Data that a studio stores on its resources, such as ids of another system: up to 20 pairs of text. Keys have 1 to 40 letters, digits,
/// underscores, hyphens and dots; values up to 500 characters. Visitors never see it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class MetadataAttribute : ValidationAttribute
{
    public const int MaxKeys = 20;
    public const int MaxValueLength = 500;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var pairs = value as IReadOnlyDictionary<string, string?> ?? new Dictionary<string, string?>();
        var given = pairs.Where(p => p.Value is not null).ToList();
        var message = given.Count > MaxKeys ? $"At most {MaxKeys} keys."
            : pairs.Keys.FirstOrDefault(k => !Key().IsMatch(k)) is not null ? "A key is 1 to 40 letters, digits, underscores, hyphens and dots."
            : given.Exists(p => p.Value!.Length > MaxValueLength) ? $"A value has at most {MaxValueLength} characters."
            : null;
        return message is null ? ValidationResult.Success : new ValidationResult(message, [validationContext.MemberName!]);
    }

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,40}$(?!\n)")]
    private static partial Regex Key();
}

internal static class Metadata
{
    /// <summary>The stored form. In a merge patch, null removes a key.</summary>
    public static Dictionary<string, string> Kept(IReadOnlyDictionary<string, string?>? given) =>
        given?.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!, StringComparer.Ordinal) ?? [];

    /// <summary>The form that a merge patch is applied to.</summary>
    public static IReadOnlyDictionary<string, string?> Present(Dictionary<string, string> kept) => kept.ToDictionary(p => p.Key, p => (string?)p.Value, StringComparer.Ordinal);
}
