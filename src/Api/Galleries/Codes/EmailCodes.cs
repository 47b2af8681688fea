using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Codes;

/// <summary>Issues and checks codes that are sent to email addresses: six digits, ten minutes, five tries.</summary>
internal sealed class EmailCodes(ProofsheetDb db, TenantContext tenant, Keyring keys, AttemptCounters counters, IHttpContextAccessor http, TimeProvider clock)
{
    private const string Purpose = "email-code";
    private const int PerMailbox = 5;
    private const int PerAddress = 30;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Counts a request for a code, by mailbox and by the sender's address. Returns a refusal with Retry-After if there were too many.</summary>
    public async Task<ProblemHttpResult?> RefuseAsync(string email, CancellationToken cancellation)
    {
        var mailbox = keys.Fingerprint("code-mailbox", Encoding.UTF8.GetBytes($"{tenant.Current}:{EmailAddress.Key(email)}"))[..32];
        var address = keys.Fingerprint("code-address", Encoding.UTF8.GetBytes(AddressKey.Of(http.HttpContext)))[..32];
        // The address first: one that has used up its own requests must not use up a mailbox's.
        var wait = await counters.TakeAsync(new($"codes:{address}", PerAddress, Window), cancellation)
            ?? await counters.TakeAsync(new($"code:{mailbox}", PerMailbox, Window), cancellation);
        if (wait is not { } time)
        {
            return null;
        }

        var seconds = RetryAfter.Write(http.HttpContext!, time);
        return Problems.Of(429, "too_many_codes", $"Too many codes were requested. Wait {RetryAfter.Words(seconds)} and try again.");
    }

    /// <summary>Adds a code and its mail to the context; the caller saves.</summary>
    /// <param name="subject">What is proven, at most 80 characters.</param>
    /// <param name="email">The address, valid.</param>
    /// <param name="about">What the code opens, for the mail's text.</param>
    public void Issue(string subject, string email, string about)
    {
        var now = clock.GetUtcNow();
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var id = Id<EmailCode>.New(now);
        db.Add(new EmailCode { Id = id, Subject = subject, Email = EmailAddress.Read(email), CodeHash = HashOf(id, code), CreatedAt = now, ExpiresAt = now + EmailCode.Lifetime });
        db.Publish(tenant.Current, new EmailCodeIssued(id, about, keys.Seal(Purpose, Encoding.ASCII.GetBytes(code))), now);
    }

    /// <summary>
    /// Checks a guess against the live codes of the subject, and counts it on each. The right code is not used up yet: see <see cref="UseAsync"/>.
    /// Call it outside a transaction, so that the count stays.
    /// </summary>
    /// <returns>The code's id and address; null for a wrong, old or used-up code.</returns>
    public async Task<(Id<EmailCode> Id, string Email)?> CheckAsync(string subject, string guess, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var live = db.Set<EmailCode>().Where(c => c.Subject == subject && c.ExpiresAt > now && c.UsedAt == null && c.TriesLeft > 0);
        var ids = await live.OrderByDescending(c => c.Id).Select(c => c.Id).Take(PerMailbox).ToListAsync(cancellation);
        foreach (var id in ids)
        {
            // Concurrent guesses each take a try of their own before anything is compared.
            if (await live.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.TriesLeft, c => c.TriesLeft - 1), CancellationToken.None) == 0)
            {
                continue;
            }

            var code = await db.Set<EmailCode>().AsNoTracking().SingleAsync(c => c.Id == id, cancellation);
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(id, guess)), Encoding.ASCII.GetBytes(code.CodeHash)))
            {
                return (id, code.Email);
            }
        }

        return null;
    }

    /// <summary>Uses the code up. Call it inside the transaction of what it opens. False if another request did.</summary>
    public async Task<bool> UseAsync(Id<EmailCode> id, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return await db.Set<EmailCode>().Where(c => c.Id == id && c.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancellation) > 0;
    }

    public string? Open(byte[] sealedCode) => keys.Open(Purpose, sealedCode) is { } code ? Encoding.ASCII.GetString(code) : null;

    public static ProblemHttpResult Wrong() => Problems.Forbidden("wrong_code", "This code is wrong, or older than ten minutes, or was tried too often. Another one can be sent.");

    private string HashOf(Id<EmailCode> id, string code) => keys.Fingerprint(Purpose, Encoding.UTF8.GetBytes($"{id}:{code}"));
}
