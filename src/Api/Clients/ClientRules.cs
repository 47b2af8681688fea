using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Clients;

/// <summary>Up to ten different email addresses.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailsAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var addresses = value as IReadOnlyList<string?> ?? [];
        var message = addresses.Count > Client.MaxEmails ? $"At most {Client.MaxEmails} addresses."
            : addresses.Any(a => !EmailAddress.IsValid(a)) ? EmailAddress.Error
            : addresses.DistinctBy(a => EmailAddress.Key(a!)).Count() < addresses.Count ? "Each address once."
            : null;
        return message is null ? ValidationResult.Success : new ValidationResult(message, [validationContext.MemberName!]);
    }
}

/// <summary>Up to 20 tags of up to 40 characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TagsAttribute : ValidationAttribute
{
    private const int MaxTags = 20;
    private const int MaxLength = 40;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var tags = value as IReadOnlyList<string?> ?? [];
        var message = tags.Count > MaxTags ? $"At most {MaxTags} tags."
            : tags.Any(t => string.IsNullOrWhiteSpace(t) || t.Length > MaxLength) ? $"A tag has 1 to {MaxLength} characters."
            : null;
        return message is null ? ValidationResult.Success : new ValidationResult(message, [validationContext.MemberName!]);
    }
}

/// <summary>What the operations on clients share.</summary>
internal static class ClientRules
{
    public static List<string> Tags(IReadOnlyList<string>? given) => [.. (given ?? []).Select(t => OneLine.Of(t).Trim()).Distinct(StringComparer.Ordinal)];

    /// <summary>The client, tracked, with its addresses.</summary>
    public static Task<Client?> FindClientAsync(this ProofsheetDb db, Id<Client> id, CancellationToken cancellation) =>
        db.Set<Client>().Include(c => c.Emails).SingleOrDefaultAsync(c => c.Id == id, cancellation);

    /// <summary>The client with this address, tracked, with all its addresses.</summary>
    public static async Task<Client?> FindClientAsync(this ProofsheetDb db, string email, CancellationToken cancellation)
    {
        var key = EmailAddress.Key(email);
        return await db.Set<ClientEmail>().Where(e => e.Key == key).Select(e => (Id<Client>?)e.ClientId).SingleOrDefaultAsync(cancellation) is { } id
            ? await db.FindClientAsync(id, cancellation)
            : null;
    }

    /// <summary>Saves a client whose addresses may already be another's.</summary>
    public static async Task<ProblemHttpResult?> SaveClientAsync(this ProofsheetDb db, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            return null;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return Problems.Conflict("client_exists", "Another client has one of these addresses. Find it with `ListClients` and its `email`.");
        }
    }
}
