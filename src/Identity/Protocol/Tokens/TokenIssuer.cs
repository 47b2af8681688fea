using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>What a user granted to a client: passed from the code to the tokens, and from one refresh token to the next.</summary>
internal sealed record Authorization
{
    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public required string? SessionId { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required string? Tenant { get; init; }

    public required string Family { get; init; }
}

/// <summary>RFC 6749 section 5.1.</summary>
internal sealed record TokenAnswer
{
    public required string AccessToken { get; init; }

    public required string TokenType { get; init; }

    public required int ExpiresIn { get; init; }

    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    public required string Scope { get; init; }
}

internal sealed class TokenIssuer(SigningKeys keys, IGrantStore grants, IOptions<AuthorityOptions> authority, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    public const string AccessTokenType = "at+jwt";

    /// <summary>The keys that sign a client's tokens. Must be called before a transaction begins, because creating a key may need its own write.</summary>
    public async Task<Signers> SignersAsync(Client client, CancellationToken cancellation) =>
        new(await keys.CurrentAsync(SignatureAlgorithms.ES256, cancellation), await keys.CurrentAsync(client.IdTokenAlgorithm, cancellation));

    /// <summary>Issues tokens for a user's authorization.</summary>
    /// <param name="scopes">The scopes of this access token: those of the authorization, or fewer.</param>
    /// <param name="jkt">The key that the tokens are bound to (RFC 9449), or null.</param>
    /// <param name="familyEnds">When the refresh token expires; refreshing does not extend it.</param>
    public async Task<TokenAnswer> IssueAsync(Signers signers, Client client, Authorization authorization, IReadOnlyList<string> scopes, string? jkt, string? nonce, DateTimeOffset familyEnds, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var claims = Claims(authorization.Subject, client, scopes, authorization.Tenant, "user", jkt, now);
        claims["family"] = authorization.Family;
        claims["auth_time"] = authorization.AuthenticatedAt.ToUnixTimeSeconds();
        claims["amr"] = Array(authorization.Methods);
        if (authorization.SessionId is not null)
        {
            claims["sid"] = authorization.SessionId;
        }

        return Answer(signers, claims, scopes, jkt) with
        {
            RefreshToken = authorization.Scopes.Contains(KnownScopes.OfflineAccess) && client.Allows(GrantTypes.RefreshToken)
                ? await RefreshTokenAsync(authorization, jkt, now, familyEnds, cancellation)
                : null,
            IdToken = scopes.Contains(KnownScopes.OpenId) ? IdToken(signers, client, authorization, nonce, now) : null,
        };
    }

    /// <summary>Issues a token for the client itself (RFC 6749 section 4.4).</summary>
    public async Task<TokenAnswer> IssueAsync(Client client, IReadOnlyList<string> scopes, string? jkt, CancellationToken cancellation) =>
        Answer(await SignersAsync(client, cancellation), Claims(client.ClientId, client, scopes, client.Tenant, "client", jkt, clock.GetUtcNow()), scopes, jkt);

    private TokenAnswer Answer(Signers signers, JsonObject claims, IReadOnlyList<string> scopes, string? jkt) => new()
    {
        AccessToken = Jws.Sign(signers.AccessToken, AccessTokenType, JsonSerializer.SerializeToUtf8Bytes(claims)),
        TokenType = jkt is null ? "Bearer" : "DPoP",
        ExpiresIn = (int)options.Value.AccessTokenLifetime.TotalSeconds,
        Scope = string.Join(' ', scopes),
    };

    /// <summary>The claims of RFC 9068 section 2.2, and our own.</summary>
    private JsonObject Claims(string subject, Client client, IReadOnlyList<string> scopes, string? tenant, string subjectType, string? jkt, DateTimeOffset now)
    {
        var claims = new JsonObject
        {
            ["iss"] = authority.Value.Issuer,
            ["sub"] = subject,
            ["aud"] = authority.Value.Audience,
            ["client_id"] = client.ClientId,
            ["scope"] = string.Join(' ', scopes),
            ["sub_type"] = subjectType,
            ["jti"] = Handles.New(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + options.Value.AccessTokenLifetime).ToUnixTimeSeconds(),
        };
        if (tenant is not null)
        {
            claims["tenant"] = tenant;
        }

        if (jkt is not null)
        {
            claims["cnf"] = new JsonObject { ["jkt"] = jkt };
        }

        return claims;
    }

    private async Task<string> RefreshTokenAsync(Authorization authorization, string? jkt, DateTimeOffset now, DateTimeOffset ends, CancellationToken cancellation)
    {
        var handle = Handles.New();
        await grants.PutAsync(new Grant
        {
            Key = Handles.Hash(handle),
            Kind = GrantKind.RefreshToken,
            ClientId = authorization.ClientId,
            Family = authorization.Family,
            Data = JsonSerializer.Serialize(new RefreshData(authorization, jkt)),
            CreatedAt = now,
            ExpiresAt = ends,
        }, cancellation);
        return handle;
    }

    private string IdToken(Signers signers, Client client, Authorization authorization, string? nonce, DateTimeOffset now)
    {
        var claims = new JsonObject
        {
            ["iss"] = authority.Value.Issuer,
            ["sub"] = authorization.Subject,
            ["aud"] = client.ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(options.Value.IdTokenMinutes).ToUnixTimeSeconds(),
            ["auth_time"] = authorization.AuthenticatedAt.ToUnixTimeSeconds(),
            ["amr"] = Array(authorization.Methods),
        };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        if (authorization.SessionId is not null)
        {
            claims["sid"] = authorization.SessionId;
        }

        return Jws.Sign(signers.IdToken, "JWT", JsonSerializer.SerializeToUtf8Bytes(claims));
    }

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];
}

internal sealed record Signers(SigningKey AccessToken, SigningKey IdToken);

internal sealed record RefreshData(Authorization Authorization, string? Jkt);
