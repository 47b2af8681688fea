using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Authorize;

/// <summary>A request that waits for its person: all of its state, on the server.</summary>
internal sealed record InteractionData
{
    public required AuthorizeRequest Request { get; init; }

    /// <summary>Hash of the cookie of the browser that brought it.</summary>
    public required string Browser { get; init; }

    /// <summary>The pushed request that it came from, to be used up at completion.</summary>
    public string? PushedKey { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Who agreed, and to what.</summary>
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

    /// <summary>The state of a waiting interaction of this browser; null for any other.</summary>
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

        // Never more than was asked, never less than the client needs.
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

    /// <summary>Credentials must have been shown after this; null when any live session will do.</summary>
    public static DateTimeOffset? SignInAfter(AuthorizeRequest request, DateTimeOffset startedAt) =>
        request.AsksFor("login") || request.AsksFor("create") || request.AsksFor("select_account") ? startedAt
        : request.MaxAgeSeconds is { } age ? startedAt.AddSeconds(-age)
        : null;

    /// <summary>Everything but who it is: that is what signing in means.</summary>
    private static List<string> Optional(AuthorizeRequest request) =>
        request.Scopes.Count <= 1 ? [] : [.. request.Scopes.Where(s => s is not KnownScopes.OpenId && (request.Scopes.Contains(KnownScopes.OpenId) || s != request.Scopes[0]))];
}
