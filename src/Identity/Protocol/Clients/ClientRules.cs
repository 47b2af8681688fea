using System.Text;
using System.Text.RegularExpressions;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Clients;

/// <summary>The rules for every client, configured or registered.</summary>
internal static partial class ClientRules
{
    public const int MaxLiveSecrets = 2;

    public static IEnumerable<string> Errors(Client client)
    {
        if (!IsIdentifier(client.ClientId))
        {
            yield return "client_id has 1 to 100 letters, digits and ._-";
        }

        if (client.Name.Length is 0 or > 120 || client.Name.Any(char.IsControl))
        {
            yield return "a name of 1 to 120 characters is needed.";
        }

        if (!AuthMethods.All.Contains(client.AuthMethod))
        {
            yield return $"the method of authentication is one of {string.Join(", ", AuthMethods.All)}.";
        }

        if (client.GrantTypes.Count == 0 || client.GrantTypes.Any(g => !GrantTypes.All.Contains(g)))
        {
            yield return $"grant types are of {string.Join(", ", GrantTypes.All)}.";
        }

        if (client.IsPublic && (client.Allows(GrantTypes.ClientCredentials) || client.MayIntrospect))
        {
            yield return "a public client cannot prove who it is, so it has no client credentials and no introspection.";
        }

        if (client.AuthMethod == AuthMethods.PrivateKeyJwt && !HasGoodKeys(client.Jwks))
        {
            yield return "private_key_jwt needs a key set with public keys only.";
        }

        // A device may have no redirect URI yet, and still be allowed codes for when it gets one.
        if (client.RedirectUris.Count > 0 ? !client.Allows(GrantTypes.AuthorizationCode) : client.Allows(GrantTypes.AuthorizationCode) && !client.Allows(GrantTypes.DeviceCode))
        {
            yield return "redirect addresses and the authorization code belong together.";
        }

        if (client.ApplicationType is not (ApplicationTypes.Web or ApplicationTypes.Native))
        {
            yield return "the application type is web or native.";
        }

        if (client.IdTokenAlgorithm is not ("ES256" or "RS256"))
        {
            yield return "id tokens are signed with ES256 or RS256.";
        }

        if (client.Tenant is not null && !Tenants.IsSlug(client.Tenant))
        {
            yield return "the tenant is no slug.";
        }

        foreach (var error in AddressErrors(client))
        {
            yield return error;
        }
    }

    /// <summary>Whether a text can be a client ID; others are not looked up.</summary>
    public static bool IsIdentifier(string text) => Identifier().IsMatch(text);

    private static IEnumerable<string> AddressErrors(Client client)
    {
        foreach (var uri in client.RedirectUris.Concat(client.PostLogoutRedirectUris))
        {
            if (RedirectUris.Error(uri, client.ApplicationType) is { } error)
            {
                yield return $"the redirect {uri}: {error}";
            }
        }

        foreach (var origin in client.AllowedOrigins.Where(o => !IsOrigin(o)))
        {
            yield return $"{origin} is no origin: a scheme (https, or http on this machine), a host and perhaps a port.";
        }

        foreach (var uri in new[] { client.LogoUri, client.ClientUri }.Where(u => u is not null && !(Uri.TryCreate(u, UriKind.Absolute, out var parsed) && parsed.Scheme == "https")))
        {
            yield return $"{uri} is no https address.";
        }

        if (client.BackChannelLogoutUri is { } logout
            && (RedirectUris.Error(logout, ApplicationTypes.Web) is not null || !Uri.TryCreate(logout, UriKind.Absolute, out _)))
        {
            yield return "the back-channel logout address is no https address.";
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback))
        && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0;

    private static bool HasGoodKeys(string? jwks) =>
        jwks is not null && JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(jwks), out var set) && set.Keys.Count > 0 && set.Keys.All(k => !k.HasPrivateMembers);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}

internal static partial class Tenants
{
    public const string AcrPrefix = "tenant:";

    /// <summary>Only the format is checked here; whether the studio exists, and who belongs to it, is decided by the API.</summary>
    public static bool IsSlug(string text) => Slug().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Slug();
}
