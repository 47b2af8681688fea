using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Proofsheet.Shared.Mail;

/// <summary>
/// The one rule for email addresses, wherever they are entered, stored or sent to: what every mail server accepts without extensions
/// (RFC 5321). An unquoted ASCII local part of at most 64 characters and a domain with a dot in it, of at most 254 characters together.
/// An international domain is accepted and converted to punycode.
/// </summary>
public static class EmailAddress
{
    public const int MaxLength = 254;
    public const int MaxLocalLength = 64;
    public const string Error = "It is an e-mail address such as name@example.com, with at most 64 ASCII characters before the @.";

    // Longer than any valid address in any spelling, so not worth converting.
    private const int MaxTyped = 1024;

    private static readonly SearchValues<char> LocalPart =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    public static bool IsValid(string? typed) => TryRead(typed, out _);

    /// <summary>
    /// Normalizes an address to the form in which it is stored, compared and sent to: no surrounding white space, the local part as typed, the domain
    /// in lowercase ASCII. It contains nothing that could end a header or an SMTP command.
    /// </summary>
    public static bool TryRead(string? typed, [NotNullWhen(true)] out string? address)
    {
        address = null;
        var text = typed is { Length: <= MaxTyped } ? typed.Trim() : "";
        var at = text.LastIndexOf('@');
        if (at is < 1 or > MaxLocalLength || !IsLocalPart(text.AsSpan(0, at)) || !TryReadDomain(text[(at + 1)..], out var domain) || at + 1 + domain.Length > MaxLength)
        {
            return false;
        }

        address = $"{text[..at]}@{domain}";
        return true;
    }

    /// <summary>The normalized form of an address that was already validated; null for white space only.</summary>
    /// <exception cref="ArgumentException">The address is not valid.</exception>
    [return: NotNullIfNotNull(nameof(validated))]
    public static string? Read(string? validated) => string.IsNullOrWhiteSpace(validated)
        ? null
        : TryRead(validated, out var address) ? address : throw new ArgumentException("Not an e-mail address.", nameof(validated));

    /// <summary>The form by which mailboxes are compared, in lowercase: no one has two mailboxes that differ only in case.</summary>
    public static string Key(string address) => (TryRead(address, out var read) ? read : address.Trim()).ToLowerInvariant();

    /// <summary>Enough of an address for its owner to recognize it, and too little for anyone else to write to it, for example <c>c•••@e•••.com</c>.</summary>
    public static string Masked(string address)
    {
        var at = address.LastIndexOf('@');
        var dot = address.LastIndexOf('.');
        return $"{Masked(address.AsSpan(0, at))}@{Masked(address.AsSpan(at + 1, dot - at - 1))}{address[dot..]}";
    }

    // A single letter would be all there is to hide.
    private static string Masked(ReadOnlySpan<char> part) => part.Length > 1 ? $"{part[0]}•••" : "•••";

    private static bool IsLocalPart(ReadOnlySpan<char> local) =>
        !local.ContainsAnyExcept(LocalPart) && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);

    private static bool TryReadDomain(string typed, out string domain)
    {
        domain = "";
        try
        {
            domain = Idn.GetAscii(typed).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return false;
        }

        var top = domain.AsSpan(domain.LastIndexOf('.') + 1);
        return top.Length < domain.Length && top.ContainsAnyInRange('a', 'z') && Uri.CheckHostName(domain) == UriHostNameType.Dns;
    }
}

/// <summary>A field with an email address, validated by <see cref="EmailAddress"/>; the OpenAPI document declares <c>format: email</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class EmailAttribute() : DataTypeAttribute(DataType.EmailAddress)
{
    public override bool IsValid(object? value) => value is null || (value is string text && EmailAddress.IsValid(text));

    public override string FormatErrorMessage(string name) => EmailAddress.Error;
}
