using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OAuthClients;

/// <summary>A public key in the format of RFC 7517. A member of a private key is refused as an unknown field.</summary>
internal sealed record PublicKey
{
    /// <summary>Either EC or RSA.</summary>
    [JsonPropertyName("kty"), StringLength(8)]
    public required string Kty { get; init; }

    [JsonPropertyName("kid"), StringLength(100)]
    public string? Kid { get; init; }

    [JsonPropertyName("alg"), StringLength(16)]
    public string? Alg { get; init; }

    [JsonPropertyName("use"), StringLength(8)]
    public string? Use { get; init; }

    /// <summary>For EC: P-256, P-384 or P-521.</summary>
    [JsonPropertyName("crv"), StringLength(16)]
    public string? Crv { get; init; }

    [JsonPropertyName("x"), StringLength(200)]
    public string? X { get; init; }

    [JsonPropertyName("y"), StringLength(200)]
    public string? Y { get; init; }

    /// <summary>For RSA: the modulus.</summary>
    [JsonPropertyName("n"), StringLength(1_400)]
    public string? N { get; init; }

    [JsonPropertyName("e"), StringLength(16)]
    public string? E { get; init; }
}

internal sealed record OAuthClientResponse
{
    public required Id<OAuthClient> Id { get; init; }

    public required string Name { get; init; }

    public required OAuthClientType Type { get; init; }

    /// <summary>The authority that knows the client.</summary>
    public required string Issuer { get; init; }

    /// <summary>What the application sends as <c>client_id</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client secret, only in the response that created it. It cannot be read again, so store it now. Otherwise null, as for clients without one.</summary>
    public required string? Secret { get; init; }

    /// <summary>Either none, client_secret_basic or private_key_jwt.</summary>
    public required string AuthMethod { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public required IReadOnlyList<string> PostLogoutRedirectUris { get; init; }

    /// <summary>Origins from which a browser may call the API and the authority.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<PublicKey> Keys { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? SecretRotatedAt { get; init; }
}

internal static class OAuthClientMapper
{
    /// <param name="client">The client.</param>
    /// <param name="secret">Its secret, only in the response that created it.</param>
    public static OAuthClientResponse ToResponse(this OAuthClient client, string? secret = null) => new()
    {
        Id = client.Id,
        Name = client.Name,
        Type = client.Type,
        Issuer = client.Issuer,
        ClientId = client.ClientId,
        Secret = secret,
        AuthMethod = client.AuthMethod,
        RedirectUris = client.RedirectUris,
        PostLogoutRedirectUris = client.PostLogoutRedirectUris,
        Origins = [.. client.Origins.Select(o => o.Origin).Order(StringComparer.Ordinal)],
        Scopes = client.Scopes,
        Keys = client.Keys,
        CreatedAt = client.CreatedAt,
        UpdatedAt = client.UpdatedAt,
        SecretRotatedAt = client.SecretRotatedAt,
    };
}
