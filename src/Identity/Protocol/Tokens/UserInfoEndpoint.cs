using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Protocol.Tokens;

/// <summary>OpenID Connect Core section 5.3. Takes tokens in the Authorization header or a form (RFC 6750 section 2), and with DPoP (RFC 9449 section 7).</summary>
internal static class UserInfoEndpoint
{
    public static void MapUserInfoEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(Paths.UserInfo, [HttpMethods.Get, HttpMethods.Post], HandleAsync);

    private static async Task<IResult> HandleAsync(HttpContext http, BearerAuthentication bearer, IProfileService profiles, CancellationToken cancellation)
    {
        if (await bearer.AuthenticateAsync(http, KnownScopes.OpenId, cancellation) is not { } token)
        {
            return Results.Empty;
        }

        var scopes = KnownScopes.Split(token.Text("scope"));
        var profile = await profiles.FindAsync(token.Text("sub")!, cancellation);
        var claims = new JsonObject { ["sub"] = token.Text("sub") };
        if (scopes.Contains(KnownScopes.Profile) && profile is not null)
        {
            Set("name", profile.Name);
            Set("updated_at", profile.UpdatedAt?.ToUnixTimeSeconds());
        }

        if (scopes.Contains(KnownScopes.Email) && profile?.Email is not null)
        {
            Set("email", profile.Email);
            Set("email_verified", profile.EmailVerified);
        }

        return Results.Json(claims);

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                claims[name] = value;
            }
        }
    }
}

/// <summary>Authenticates requests to our own endpoints that take an access token.</summary>
internal sealed class BearerAuthentication(AccessTokens accessTokens, DpopProofs proofs)
{
    /// <summary>The token's claims. Null when an error response has been written.</summary>
    public async Task<JwtResult?> AuthenticateAsync(HttpContext http, string scope, CancellationToken cancellation)
    {
        var (scheme, token, isAmbiguous) = await TokenOfAsync(http, cancellation);
        if (isAmbiguous)
        {
            return Refuse(http, StatusCodes.Status400BadRequest, "Bearer", "invalid_request");
        }

        if (token is null)
        {
            // A request without credentials gets no error code (RFC 6750 section 3.1).
            return Refuse(http, StatusCodes.Status401Unauthorized, "Bearer", null);
        }

        if (await accessTokens.ReadAsync(token, cancellation) is not { } jwt)
        {
            return Refuse(http, StatusCodes.Status401Unauthorized, scheme, "invalid_token");
        }

        var boundTo = jwt.Claims.TryGetProperty("cnf"u8, out var confirmation) ? confirmation.GetProperty("jkt"u8).GetString() : null;
        if ((boundTo is not null) != (scheme == "DPoP"))
        {
            return Refuse(http, StatusCodes.Status401Unauthorized, scheme, "invalid_token");
        }

        if (boundTo is not null && ((await proofs.ReadAsync(http.Request, token, cancellation)).IsRefused(out _, out var proof) || proof.Thumbprint != boundTo))
        {
            return Refuse(http, StatusCodes.Status401Unauthorized, scheme, "invalid_dpop_proof");
        }

        return KnownScopes.Split(jwt.Text("scope")).Contains(scope) ? jwt : Refuse(http, StatusCodes.Status403Forbidden, scheme, "insufficient_scope", scope);
    }

    private static async Task<(string Scheme, string? Token, bool IsAmbiguous)> TokenOfAsync(HttpContext http, CancellationToken cancellation)
    {
        string? inForm = null;
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType)
        {
            if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out _, out var parameters))
            {
                return ("Bearer", null, true);
            }

            inForm = parameters["access_token"];
        }

        if (http.Request.Headers.Authorization is not { Count: > 0 } headers)
        {
            return ("Bearer", inForm, false);
        }

        if (headers.Count > 1 || inForm is not null || !AuthenticationHeaderValue.TryParse(headers[0], out var value))
        {
            return ("Bearer", null, true);
        }

        return value.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => ("Bearer", value.Parameter, false),
            "DPOP" => ("DPoP", value.Parameter, false),
            _ => ("Bearer", null, false),
        };
    }

    private static JwtResult? Refuse(HttpContext http, int status, string scheme, string? error, string? scope = null)
    {
        http.Response.StatusCode = status;
        var algorithms = scheme == "DPoP" ? $", algs=\"{string.Join(' ', DpopProofs.Algorithms)}\"" : "";
        http.Response.Headers.WWWAuthenticate = $"{scheme} realm=\"proofsheet\"{(error is null ? "" : $", error=\"{error}\"")}{(scope is null ? "" : $", scope=\"{scope}\"")}{algorithms}";
        return null;
    }
}
