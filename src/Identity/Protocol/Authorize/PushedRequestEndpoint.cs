using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Tokens;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Authorize;

/// <summary>RFC 9126 section 2.</summary>
internal static class PushedRequestEndpoint
{
    public static void MapPushedRequestEndpoint(this IEndpointRouteBuilder routes) => routes.MapPost(Paths.PushedRequests, HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http, ClientAuthentication authentication, DpopProofs proofs, AuthorizeRequests requests, PushedRequests pushed, IOptions<ProtocolOptions> options, CancellationToken cancellation)
    {
        if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters))
        {
            return error.ToResult();
        }

        if ((await authentication.AuthenticateAsync(http, parameters, cancellation)).IsRefused(out error, out var client))
        {
            return error.ToResult();
        }

        if (parameters["request_uri"] is not null)
        {
            return OAuthError.InvalidRequest("A pushed request is no reference to another.").ToResult();
        }

        if ((await proofs.ReadAsync(http.Request, accessToken: null, cancellation)).IsRefused(out error, out var proof))
        {
            return error.ToResult();
        }

        if (proof.Thumbprint is not null && parameters["dpop_jkt"] is { } named && named != proof.Thumbprint)
        {
            return OAuthError.InvalidDpopProof("dpop_jkt and the proof name different keys.").ToResult();
        }

        switch (await requests.ReadAsync(parameters.With("client_id", client.ClientId), isPushed: true, cancellation))
        {
            case ReadRequest.Good good:
                var requestUri = await pushed.PutAsync(good.Request with { DpopJkt = proof.Thumbprint ?? good.Request.DpopJkt }, cancellation);
                return Results.Json(new { request_uri = requestUri, expires_in = options.Value.PushedRequestSeconds }, statusCode: StatusCodes.Status201Created);
            case ReadRequest.Refused refused:
                return refused.Error.ToResult();
            case ReadRequest.Unsafe { Error: var reason }:
                return reason.ToResult();
            default:
                throw new InvalidOperationException("A request is good, refused or unsafe.");
        }
    }
}
