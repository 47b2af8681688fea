using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth;

internal sealed class AccessOptions
{
    /// <summary>Lower-case hex of the SHA-256 of the platform key. If empty, there is no platform key.</summary>
    public string PlatformKeyHash { get; init; } = "";

    /// <summary>How many hours a visitor token is valid.</summary>
    public int VisitorTokenHours { get; init; } = 12;

    /// <summary>How many days a visitor's device is remembered after it was last used.</summary>
    public int VisitorSessionDays { get; init; } = 30;

    /// <summary>How many hours a rotated key keeps working, unless the rotation says otherwise.</summary>
    public int RotationGraceHours { get; init; } = 168;

    /// <summary>Origins of the installation's own pages, such as a dashboard, for example <c>https://app.example</c>.</summary>
    public IList<string> Origins { get; init; } = [];
}

/// <summary>
/// Handles Authorization: Bearer with a platform key, an API key, a visitor token or an authority's access token, and DPoP with an access
/// token that is bound to a key. It sets <see cref="Caller"/> and, except for the platform and for accounts without a studio,
/// <see cref="TenantContext"/>: the tenant comes from the credential and from nothing else in a request.
/// </summary>
internal sealed class CredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<AccessOptions> access,
    ProofsheetDb db, CredentialLookups lookups, VisitorTokens visitors, IVisitorGate gate, AccessTokenVerifier tokens, SenderProof proofs, TokenAuthorizer authorizer, Caller caller, TenantContext tenant,
    TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Credential";
    private const int MaxKeyLength = 2_048;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        var text = header.ToString();
        var isBound = text.StartsWith(SenderProof.Scheme, StringComparison.OrdinalIgnoreCase);
        if (header.Count > 1 || (!isBound && !text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)))
        {
            return Refuse("invalid_credential", "Authorization is one Bearer credential.");
        }

        var credential = text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        if (isBound || (AccessTokenVerifier.LooksLikeOne(credential) && !credential.StartsWith("ps", StringComparison.Ordinal)))
        {
            return await TokenAsync(credential, isBound);
        }

        if (text.Length > MaxKeyLength)
        {
            return Unknown();
        }

        if (credential.StartsWith(VisitorTokens.Prefix, StringComparison.Ordinal))
        {
            return await VisitorAsync(credential);
        }

        return credential.StartsWith("ps_platform_", StringComparison.Ordinal) ? Platform(credential) : await KeyAsync(credential);
    }

    private AuthenticateResult Platform(string credential)
    {
        var expected = Encoding.ASCII.GetBytes(access.Value.PlatformKeyHash);
        if (expected.Length == 0 || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(KeyText.Hash(credential)), expected))
        {
            return Unknown();
        }

        caller.Identify(CallerType.Platform, "platform", [Scopes.PlatformAdmin]);
        return Accept();
    }

    private async Task<AuthenticateResult> KeyAsync(string credential)
    {
        if (!KeyText.LooksRight(credential))
        {
            return Unknown();
        }

        var hash = KeyText.Hash(credential);
        using var turn = await lookups.EnterAsync(hash, Context.RequestAborted);
        if (turn is null)
        {
            return TooMany();
        }

        var key = await db.AcrossTenants<ApiKey>().Include(k => k.Origins).SingleOrDefaultAsync(k => k.Hash == hash, Context.RequestAborted);
        var now = clock.GetUtcNow();
        if (key is null)
        {
            return Unknown();
        }

        if (!key.IsLiveAt(now))
        {
            return Refuse("expired_credential", "This key has expired or was revoked.");
        }

        var type = key.Type switch
        {
            ApiKeyType.Publishable => CallerType.Publishable,
            ApiKeyType.Secret => CallerType.Secret,
            _ => CallerType.Lab,
        };
        tenant.Set(key.TenantId);
        if (type == CallerType.Publishable && Request.Headers.Origin is { Count: > 0 } origin && key.Origins.All(o => o.Origin != origin.ToString()))
        {
            // Authenticated, but without scopes, so that the response is a meaningful 403.
            Context.Items[CredentialProblem.Item] = new CredentialProblem(403, "origin_not_allowed", "This publishable key does not allow this origin. Make a key with this origin in its `origins` with `CreateKey`.");
            caller.Identify(type, key.Id.ToString(), [], key.IsSandbox);
            return Accept();
        }

        caller.Identify(type, key.Id.ToString(), key.Scopes, key.IsSandbox);
        await TouchAsync(key, now);
        return Accept();
    }

    private async Task<AuthenticateResult> TokenAsync(string credential, bool isBound)
    {
        var (token, failure) = await tokens.CheckAsync(credential, Context.RequestAborted);
        switch (failure)
        {
            case TokenFailure.Expired:
                return Refuse("expired_credential", "This token has expired.");
            case TokenFailure.AuthorityUnavailable:
                return Refuse(new CredentialProblem(503, "authority_unavailable", "The authority that issued this token cannot be reached, so the token cannot be checked.") { RetryAfterSeconds = 10 });
            case TokenFailure.Invalid:
                return Unknown();
        }

        if (isBound != (token!.KeyThumbprint is not null))
        {
            // A bound token sent as a plain one was stolen; a plain token has no key for a proof (RFC 9449, 7.1 and 7.2).
            return Unknown();
        }

        if (isBound && !await proofs.IsGoodAsync(Context, credential, token.KeyThumbprint!, token.Authority.Options.AllowedAlgorithms))
        {
            return Refuse(new CredentialProblem(
                401, "invalid_proof", "The DPoP proof is missing, was used before, or is not one for this request and token.",
                $"DPoP error=\"invalid_dpop_proof\", algs=\"{string.Join(' ', token.Authority.Options.AllowedAlgorithms)}\""));
        }

        return await authorizer.AdmitAsync(Context, token) ? Accept() : Refuse("expired_credential", "This token was revoked.");
    }

    private async Task<AuthenticateResult> VisitorAsync(string credential)
    {
        if (visitors.Read(credential) is not { } grant)
        {
            return Unknown();
        }

        if (grant.ExpiresAt <= clock.GetUtcNow())
        {
            return Refuse("expired_credential", "This visit has expired. Open the gallery again.");
        }

        tenant.Set(grant.Tenant);
        if (grant.OrderId is { } order)
        {
            caller.IdentifyBuyer(order, grant.Scopes);
            return Accept();
        }

        using var turn = await lookups.EnterAsync(grant.Tenant.ToString(), Context.RequestAborted);
        if (turn is null)
        {
            return TooMany();
        }

        if (await gate.AdmitAsync(grant, Context.RequestAborted) is not { } visit)
        {
            return Refuse("expired_credential", "The gallery's access has changed, or this device was signed out. Open the gallery again.");
        }

        caller.Identify(visit, grant.Scopes);
        return Accept();
    }

    /// <summary>The last use is stored to the minute, so that a busy key does not cause a write per request.</summary>
    private async Task TouchAsync(ApiKey key, DateTimeOffset now)
    {
        if (key.LastUsedAt is null || now - key.LastUsedAt > TimeSpan.FromMinutes(1))
        {
            await db.Set<ApiKey>().Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), Context.RequestAborted);
        }
    }

    private AuthenticateResult Accept()
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Name)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private AuthenticateResult Unknown() => Refuse("invalid_credential", "This key or token is not known.");

    private AuthenticateResult TooMany() => Refuse(new CredentialProblem(503, ConcurrencyLimiting.Code, ConcurrencyLimiting.Detail) { RetryAfterSeconds = ConcurrencyLimiting.RetryAfterSeconds });

    private AuthenticateResult Refuse(string code, string detail) => Refuse(new CredentialProblem(401, code, detail));

    private AuthenticateResult Refuse(CredentialProblem problem)
    {
        Context.Items[CredentialProblem.Item] = problem;
        return AuthenticateResult.Fail(problem.Code);
    }
}
