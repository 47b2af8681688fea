using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Sessions;

/// <summary>RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).</summary>
internal static class EndSession
{
    private static readonly string[] Parameters = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"];

    public static void MapEndSession(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Paths.EndSession, HandleAsync);
        routes.MapPost(Paths.EndSession, ByPostAsync);
    }

    // A form on another site does not send SameSite=Lax cookies, so no one would be signed in or signed out. The browser returns with a GET.
    private static async Task<IResult> ByPostAsync(HttpContext http, CancellationToken cancellation) =>
        (await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters)
            ? BrowserAnswers.Error(error)
            : BrowserAnswers.To(RedirectUris.With(Paths.EndSession, Parameters.Select(p => KeyValuePair.Create(p, parameters[p]))), StatusCodes.Status303SeeOther);

    private static async Task<IResult> HandleAsync(
        HttpContext http, IClientStore clients, IUserSessions sessions, IGrantStore grants, TokenRevocation revocation, IdTokenHints hints, LogoutRequests logouts, ISecurityLog securityLog, CancellationToken cancellation)
    {
        if (OAuthParameters.FromQuery(http.Request.Query).IsRefused(out var error, out var parameters))
        {
            return BrowserAnswers.Error(error);
        }

        var hint = parameters["id_token_hint"] is { } token ? await hints.ReadAsync(token, cancellation) : null;
        if (hint is not null && parameters["client_id"] is { } named && named != hint.ClientId)
        {
            return BrowserAnswers.Error(OAuthError.InvalidRequest("client_id and id_token_hint name different clients."));
        }

        var client = (hint?.ClientId ?? parameters["client_id"]) is { } clientId ? await clients.FindAsync(clientId, cancellation) : null;
        string? returnAddress = null;
        if (parameters["post_logout_redirect_uri"] is { } uri)
        {
            if (client is null || !RedirectUris.Allows(client, client.PostLogoutRedirectUris, uri))
            {
                return BrowserAnswers.Error(OAuthError.InvalidRequest("post_logout_redirect_uri is not registered for this client."));
            }

            returnAddress = RedirectUris.With(uri, [new("state", parameters["state"])]);
        }

        var session = await sessions.CurrentAsync(http, cancellation);
        if (session is null)
        {
            return Results.Redirect(returnAddress ?? "/sign-out");
        }

        // Any site can link here, so the user is asked, unless the caller has an ID token of this very session.
        if (hint is null || hint.SessionId != session.SessionId || hint.Subject != session.Subject)
        {
            return Results.Redirect($"/sign-out?logout={await logouts.PutAsync(http, client, returnAddress, cancellation)}");
        }

        await grants.AtomicallyAsync(
            async () =>
            {
                await sessions.EndAsync(session.SessionId, cancellation);
                await revocation.RevokeSessionAsync(session.SessionId, cancellation);
                await securityLog.AddAsync("signed_out", client?.ClientId, session.Subject, cancellation, session.SessionId);
                return true;
            },
            cancellation);
        return Results.Redirect(returnAddress ?? "/sign-out");
    }
}

internal sealed record IdTokenHint(string ClientId, string Subject, string? SessionId);

/// <summary>ID tokens that are sent back as a hint. They may have expired: they still identify who was signed in.</summary>
internal sealed class IdTokenHints(SigningKeys keys, IOptions<AuthorityOptions> authority, TimeProvider clock)
{
    private static readonly HashSet<string> Algorithms = [.. SigningKeys.Algorithms];

    public async Task<IdTokenHint?> ReadAsync(string token, CancellationToken cancellation)
    {
        var published = await keys.PublishedAsync(cancellation);
        var signed = Jws.Verify(token, Algorithms, header => published.Where(k => k.Kid == header.KeyId));
        var jwt = Jwt.Validate(signed, new JwtRules
        {
            // An access token has the type at+jwt, so it is not accepted as a hint.
            Type = "JWT",
            Issuer = authority.Value.Issuer,
            Audiences = null,
            RequiredTexts = ["sub", "aud"],
            Skew = TimeSpan.FromDays(3650),
        }, clock.GetUtcNow());
        return jwt.IsValid ? new IdTokenHint(jwt.Text("aud")!, jwt.Text("sub")!, jwt.Text("sid")) : null;
    }
}

internal sealed class LogoutRequests(IGrantStore grants, IOptions<ProtocolOptions> options, TimeProvider clock) : ILogoutRequests
{
    public async Task<string> PutAsync(HttpContext http, Client? client, string? returnAddress, CancellationToken cancellation)
    {
        var handle = Handles.New();
        var now = clock.GetUtcNow();
        await grants.PutAsync(new Grant
        {
            Key = Handles.Hash(handle),
            Kind = GrantKind.Logout,
            ClientId = client?.ClientId ?? "",
            Data = JsonSerializer.Serialize(new Data(client?.Name, returnAddress, BrowserBinding.Ensure(http))),
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(options.Value.InteractionMinutes),
        }, cancellation);
        return handle;
    }

    public async Task<LogoutRequest?> FindAsync(string id, HttpContext http, CancellationToken cancellation) =>
        await grants.FindAsync(GrantKind.Logout, Handles.Hash(id), cancellation) is { } grant && grant.ExpiresAt > clock.GetUtcNow()
        && JsonSerializer.Deserialize<Data>(grant.Data) is { } data && data.Browser == BrowserBinding.Find(http)
            ? new LogoutRequest(id, data.ClientName, data.ReturnAddress)
            : null;

    private sealed record Data(string? ClientName, string? ReturnAddress, string Browser);
}
