using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Authorize;

/// <summary>The whole state of a request that waits for the user, stored on the server.</summary>
internal sealed record InteractionData
{
    public required AuthorizeRequest Request { get; init; }

    /// <summary>The hash of the cookie of the browser that started it.</summary>
    public required string Browser { get; init; }

    /// <summary>The pushed request that it came from, which is used up on completion.</summary>
    public string? PushedKey { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The user who consented, and the scopes.</summary>
    public GivenConsent? Consent { get; init; }

    public bool IsDenied { get; init; }

    internal sealed record GivenConsent(string Subject, IReadOnlyList<string> Scopes);
}

internal sealed class Interactions(IGrantStore grants, IClientStore clients, IConsentStore consents, IOptions<ProtocolOptions> options, TimeProvider clock) : IInteractions
{
    public async Task<string> BeginAsync(HttpContext http, AuthorizeRequest request, string? pushedKey, CancellationToken cancellation)
    {
        var handle = Handles.New();
        var now = clock.GetUtcNow();
        await grants.PutAsync(new Grant
        {
            Key = Handles.Hash(handle),
            Kind = GrantKind.Interaction,
            ClientId = request.ClientId,
            Data = JsonSerializer.Serialize(new InteractionData { Request = request, Browser = BrowserBinding.Ensure(http), PushedKey = pushedKey, StartedAt = now }),
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(options.Value.InteractionMinutes),
        }, cancellation);
        return handle;
    }

    /// <summary>The state of a pending interaction of this browser; null otherwise.</summary>
    public async Task<InteractionData?> ReadAsync(string id, HttpContext http, CancellationToken cancellation) =>
        BrowserBinding.Find(http) is { } browser
        && await grants.FindAsync(GrantKind.Interaction, Handles.Hash(id), cancellation) is { ConsumedAt: null } grant && grant.ExpiresAt > clock.GetUtcNow()
        && JsonSerializer.Deserialize<InteractionData>(grant.Data) is { } data && Handles.AreEqual(data.Browser, browser)
            ? data
            : null;

    public async Task<Interaction?> FindAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        if (await ReadAsync(id, http, cancellation) is not { IsDenied: false } data || await clients.FindAsync(data.Request.ClientId, cancellation) is not { } client)
        {
            return null;
        }

        return new Interaction
        {
            Id = id,
            ClientId = client.ClientId,
            ClientName = client.Name,
            ClientLogo = client.LogoUri,
            IsThirdParty = !client.IsFirstParty,
            Scopes = data.Request.Scopes,
            OptionalScopes = Optional(data.Request),
            Tenant = data.Request.Tenant,
            LoginHint = data.Request.LoginHint,
            WantsAccount = data.Request.AsksFor("create"),
            SignInAfter = SignInAfter(data.Request, data.StartedAt),
            NeedsSecondFactor = data.Request.NeedsSecondFactor,
        };
    }

    public string ResumeAddress(string id) => $"{Paths.Resume}?interaction={Uri.EscapeDataString(id)}";

    public async Task ConsentAsync(string id, HttpContext http, SignedIn who, IReadOnlyList<string> scopes, bool remember, CancellationToken cancellation)
    {
        if (await ReadAsync(id, http, cancellation) is not { } data)
        {
            return;
        }

        // Never more than was requested, and never less than the client requires.
        var optional = Optional(data.Request);
        var given = data.Request.Scopes.Where(s => scopes.Contains(s) || !optional.Contains(s)).ToList();
        await grants.UpdateAsync(
            GrantKind.Interaction, Handles.Hash(id), JsonSerializer.Serialize(data with { Consent = new InteractionData.GivenConsent(who.Subject, given) }), cancellation);
        if (remember)
        {
            await consents.PutAsync(who.Subject, data.Request.ClientId, given, clock.GetUtcNow(), cancellation);
        }
    }

    public async Task<string?> DenyAsync(string id, HttpContext http, CancellationToken cancellation) =>
        await ReadAsync(id, http, cancellation) is { } data
        && await grants.UpdateAsync(GrantKind.Interaction, Handles.Hash(id), JsonSerializer.Serialize(data with { IsDenied = true }), cancellation)
            ? ResumeAddress(id)
            : null;

    /// <summary>The user must have signed in after this time; null when any live session is enough.</summary>
    public static DateTimeOffset? SignInAfter(AuthorizeRequest request, DateTimeOffset startedAt) =>
        request.AsksFor("login") || request.AsksFor("create") || request.AsksFor("select_account") ? startedAt
        : request.MaxAgeSeconds is { } age ? startedAt.AddSeconds(-age)
        : null;

    /// <summary>All scopes except the identity itself, which is the point of signing in.</summary>
    private static List<string> Optional(AuthorizeRequest request) =>
        request.Scopes.Count <= 1 ? [] : [.. request.Scopes.Where(s => s is not KnownScopes.OpenId && (request.Scopes.Contains(KnownScopes.OpenId) || s != request.Scopes[0]))];
}
