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

    /// <summary>Clients with everything that a response shows.</summary>
    public static IQueryable<Client> WholeClients(this ProofsheetDb db) => db.Set<Client>().Include(c => c.Emails).Include(c => c.Consents).AsSplitQuery();

    /// <summary>The client, tracked.</summary>
    public static Task<Client?> FindClientAsync(this ProofsheetDb db, Id<Client> id, CancellationToken cancellation) =>
        db.WholeClients().SingleOrDefaultAsync(c => c.Id == id, cancellation);

    /// <summary>The client, tracked, with its row locked until the transaction ends.</summary>
    public static async Task<Client?> LockClientAsync(this ProofsheetDb db, Id<Client> id, CancellationToken cancellation)
    {
        await db.LockAsync(db.Set<Client>().Where(c => c.Id == id), cancellation);
        return await db.FindClientAsync(id, cancellation);
    }

    /// <summary>For a change of what belongs to the client and is in another table: the client has another version then, too.</summary>
    public static void MarkChanged(this ProofsheetDb db, Client client) => db.Entry(client).Property(c => c.UpdatedAt).IsModified = true;

    /// <summary>The client with this email address, tracked.</summary>
    public static async Task<Client?> FindClientAsync(this ProofsheetDb db, string email, CancellationToken cancellation)
    {
        var key = EmailAddress.Key(email);
        return await db.Set<ClientEmail>().Where(e => e.Key == key).Select(e => (Id<Client>?)e.ClientId).SingleOrDefaultAsync(cancellation) is { } id
            ? await db.FindClientAsync(id, cancellation)
            : null;
    }

    /// <summary>Saves a client whose email addresses may already be another's.</summary>
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
