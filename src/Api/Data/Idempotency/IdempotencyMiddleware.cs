using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>
/// Implements the Idempotency-Key of every POST: the same key and request get the same response for 24 hours. Responses that mean "try again"
/// (401, 403, 409, 429, 5xx) are not kept. Kept responses are encrypted, because they may contain a secret that is shown once.
/// </summary>
internal sealed class IdempotencyMiddleware(RequestDelegate next, InFlightKeys inFlight, Keyring keys, TimeProvider clock, ILogger<IdempotencyMiddleware> log)
{
    public const string Header = "Idempotency-Key";

    /// <summary>Everyone who opens a page has its publishable key, so an Idempotency-Key used with it must be too long for others to guess.</summary>
    public const int MinSharedKeyLength = 20;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Longer than any operation takes that claims its key first, since calls to the authority time out after ten seconds.</summary>
    private static readonly TimeSpan ClaimLifetime = TimeSpan.FromSeconds(30);

    private const string Purpose = "idempotency";
    private static readonly string[] KeptHeaders = ["Location", "ETag", "Tus-Resumable", "Upload-Offset", "Upload-Expires"];

    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.TryGetValue(Header, out var given)
            || http.RequestServices.GetRequiredService<Caller>() is not { Type: not CallerType.Anonymous } caller)
        {
            await next(http);
            return;
        }

        var key = given.ToString();
        if (given.Count != 1 || key.Length is 0 or > IdempotencyRecord.MaxKeyLength || key.Any(c => c is <= ' ' or > '~'))
        {
            await Problems.BadRequest("invalid_idempotency_key", "`Idempotency-Key` must be 1 to 128 visible ASCII characters.").ExecuteAsync(http);
            return;
        }

        if (caller.Type == CallerType.Publishable && key.Length < MinSharedKeyLength)
        {
            await Problems.BadRequest("invalid_idempotency_key", $"With a publishable key, `Idempotency-Key` must be at least {MinSharedKeyLength} random characters.").ExecuteAsync(http);
            return;
        }

        var tenant = http.RequestServices.GetRequiredService<TenantContext>();
        var use = new IdempotencyKeyUse(tenant.IsSet ? tenant.Current.ToString() : "platform", caller.Name, key);
        if (!inFlight.TryEnter(use, out var leave))
        {
            await InFlightAsync(http, TimeSpan.FromSeconds(1));
            return;
        }

        using (leave)
        {
            var mode = http.GetEndpoint()?.Metadata.GetMetadata<IdempotencyMode>() ?? IdempotencyMode.InOneTransaction;
            await (mode.Order == IdempotencyOrder.OneTransaction ? RunInOneTransactionAsync(http, use) : RunAsync(http, use, mode));
        }
    }

    private async Task RunInOneTransactionAsync(HttpContext http, IdempotencyKeyUse use)
    {
        var cancellation = http.RequestAborted;
        var db = http.RequestServices.GetRequiredService<ProofsheetDb>();
        using var fingerprint = await RequestFingerprint.OfBufferedAsync(http.Request, cancellation);
        var hash = keys.Fingerprint(Purpose, fingerprint.Digest());

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var known = await db.FindAsync(use, cancellation);
        if (known is not null && IsFresh(known))
        {
            await transaction.RollbackAsync(cancellation);
            await ReplayAsync(http, known, hash);
            return;
        }

        if (known is not null)
        {
            await db.ForgetAsync(use, cancellation);
        }

        // Claims the key: a second process waits here for our commit, and then sees the row.
        var record = use.NewRecord(hash, clock.GetUtcNow());
        if (!await db.TryAddAsync(record, cancellation))
        {
            await transaction.RollbackAsync(cancellation);
            await InFlightAsync(http, TimeSpan.FromSeconds(1));
            return;
        }

        var answer = await CaptureAsync(http);
        if (IsKept(http.Response.StatusCode))
        {
            Fill(record, http.Response, answer);
            db.Attach(record).State = EntityState.Modified;
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        else
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }

        await SendAsync(http, answer);
    }

    private async Task RunAsync(HttpContext http, IdempotencyKeyUse use, IdempotencyMode mode)
    {
        var cancellation = http.RequestAborted;
        // A separate scope, because what the handler tracks and rolls back must not affect the key.
        await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var known = await db.FindAsync(use, cancellation);
        if (known is { IsAnswered: true } && IsFresh(known))
        {
            await ReplayAsync(http, known, mode.Body, cancellation);
            return;
        }

        if (mode.Order == IdempotencyOrder.ClaimFirst)
        {
            await RunClaimedAsync(http, use, db, known);
            return;
        }

        using var fingerprint = mode.Body == IdempotencyBody.Buffered
            ? await RequestFingerprint.OfBufferedAsync(http.Request, cancellation)
            : RequestFingerprint.WhileRead(http, mode.Body);
        var answer = await CaptureAsync(http);
        if (IsKept(http.Response.StatusCode) && fingerprint.IsWhole)
        {
            var record = use.NewRecord(keys.Fingerprint(Purpose, fingerprint.Digest()), clock.GetUtcNow());
            Fill(record, http.Response, answer);
            await RememberAsync(() => db.ReplaceAsync(known, record));
        }

        await SendAsync(http, answer);
    }

    private async Task RunClaimedAsync(HttpContext http, IdempotencyKeyUse use, ProofsheetDb db, IdempotencyRecord? known)
    {
        using var fingerprint = await RequestFingerprint.OfBufferedAsync(http.Request, http.RequestAborted);
        var record = use.NewRecord(keys.Fingerprint(Purpose, fingerprint.Digest()), clock.GetUtcNow());
        if (known is { IsAnswered: false } && known.CreatedAt + ClaimLifetime > record.CreatedAt)
        {
            await InFlightAsync(http, known.CreatedAt + ClaimLifetime - record.CreatedAt);
            return;
        }

        // An expired claim belongs to a process that is gone. Whatever it did is done, and the operation runs again.
        if (!await db.ReplaceAsync(known, record))
        {
            await InFlightAsync(http, ClaimLifetime);
            return;
        }

        byte[] answer;
        try
        {
            answer = await CaptureAsync(http);
        }
        catch
        {
            await RememberAsync(() => db.ForgetAsync(use, CancellationToken.None));
            throw;
        }

        if (IsKept(http.Response.StatusCode))
        {
            Fill(record, http.Response, answer);
            db.Attach(record).State = EntityState.Modified;
            await RememberAsync(() => db.SaveChangesAsync(CancellationToken.None));
        }
        else
        {
            await RememberAsync(() => db.ForgetAsync(use, CancellationToken.None));
        }

        await SendAsync(http, answer);
    }

    private bool IsFresh(IdempotencyRecord known) => known.CreatedAt + Lifetime > clock.GetUtcNow();

    // A server error, a wait or a conflict is not a final response: the same key may try again.
    private static bool IsKept(int status) => status is not (>= 500 or 429 or 409 or 401 or 403);

    /// <summary>The changes are committed, so the client gets the response even if it cannot be stored.</summary>
    private async Task RememberAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The answer to an Idempotency-Key could not be kept; the same key would run the operation again.");
        }
    }

    private async Task<byte[]> CaptureAsync(HttpContext http)
    {
        var body = http.Response.Body;
        using var captured = new MemoryStream();
        http.Response.Body = captured;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        return captured.ToArray();
    }

    /// <summary>A 204 must not have a body, and the server refuses even an empty write.</summary>
    private static Task SendAsync(HttpContext http, byte[] answer) =>
        answer.Length == 0 ? Task.CompletedTask : http.Response.Body.WriteAsync(answer, CancellationToken.None).AsTask();

    private void Fill(IdempotencyRecord record, HttpResponse response, byte[] answer)
    {
        record.Status = response.StatusCode;
        record.ContentType = response.ContentType;
        record.Headers = string.Join('\n', KeptHeaders.Where(response.Headers.ContainsKey).Select(h => $"{h}: {response.Headers[h]}"));
        record.Body = keys.Seal(Purpose, answer);
    }

    private async Task ReplayAsync(HttpContext http, IdempotencyRecord known, IdempotencyBody body, CancellationToken cancellation)
    {
        RequestFingerprint fingerprint;
        try
        {
            fingerprint = await RequestFingerprint.OfRepeatedAsync(http, body, cancellation);
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException or InvalidDataException)
        {
            await Problems.BadRequest("upload_incomplete", "The body ended before it was whole. Send it again.").ExecuteAsync(http);
            return;
        }

        using (fingerprint)
        {
            await ReplayAsync(http, known, keys.Fingerprint(Purpose, fingerprint.Digest()));
        }
    }

    private async Task ReplayAsync(HttpContext http, IdempotencyRecord known, string hash)
    {
        if (known.RequestHash != hash)
        {
            await Problems.Rule("idempotency_key_reused", "This `Idempotency-Key` was used for a different request. Use a new key for each new request.").ExecuteAsync(http);
            return;
        }

        if (keys.Open(Purpose, known.Body) is not { } answer)
        {
            await Problems.Conflict("idempotency_answer_lost", "The request was carried out, but its answer cannot be read, because the master key it was sealed with was removed.").ExecuteAsync(http);
            return;
        }

        http.Response.StatusCode = known.Status;
        http.Response.ContentType = known.ContentType;
        http.Response.Headers["Idempotency-Replayed"] = "true";
        foreach (var line in known.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            http.Response.Headers[name] = value;
        }

        await SendAsync(http, answer);
    }

    private static Task InFlightAsync(HttpContext http, TimeSpan wait)
    {
        RetryAfter.Write(http, wait);
        return Problems.Conflict("idempotency_in_flight", "The first request with this `Idempotency-Key` is still in progress. Retry after the time in `Retry-After`.").ExecuteAsync(http);
    }
}
