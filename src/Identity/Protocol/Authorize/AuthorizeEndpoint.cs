using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Authorize;

/// <summary>RFC 6749 section 3.1.</summary>
internal static class AuthorizeEndpoint
{
    public static void MapAuthorizeEndpoint(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Paths.Authorize, StartAsync);
        routes.MapPost(Paths.Authorize, StartByPostAsync);
        routes.MapGet(Paths.Resume, ResumeAsync);
    }

    private static async Task<IResult> StartAsync(HttpContext http, AuthorizeRequests requests, PushedRequests pushed, AuthorizeFlow flow, CancellationToken cancellation)
    {
        if (OAuthParameters.FromQuery(http.Request.Query).IsRefused(out var error, out var parameters))
        {
            return BrowserAnswers.Error(error);
        }

        if (parameters["request_uri"] is { } requestUri)
        {
            return await pushed.FindAsync(requestUri, parameters["client_id"], cancellation) is { } found
                ? await flow.StartAsync(http, found.Client, found.Request, found.Key, cancellation)
                : BrowserAnswers.Error(new OAuthError("invalid_request_uri", "The request is not here: it has run out, was used, or belongs to another client."));
        }

        return await requests.ReadAsync(parameters, isPushed: false, cancellation) switch
        {
            ReadRequest.Good good => await flow.StartAsync(http, good.Client, good.Request, null, cancellation),
            ReadRequest.Refused refused => flow.Refuse(refused.RedirectUri, refused.ResponseMode, refused.State, refused.Error),
            ReadRequest.Unsafe { Error: var reason } => BrowserAnswers.Error(reason),
            _ => throw new InvalidOperationException("A request is good, refused or unsafe."),
        };
    }

    // A form on another site does not send SameSite=Lax cookies, so the session would be missing. The request is stored, and the browser returns with a GET.
    private static async Task<IResult> StartByPostAsync(HttpContext http, AuthorizeRequests requests, PushedRequests pushed, AuthorizeFlow flow, CancellationToken cancellation)
    {
        if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters))
        {
            return BrowserAnswers.Error(error);
        }

        if (parameters["request_uri"] is { } requestUri)
        {
            return See(parameters["client_id"], requestUri);
        }

        switch (await requests.ReadAsync(parameters, isPushed: false, cancellation))
        {
            case ReadRequest.Good good:
                var kept = await pushed.PutAsync(good.Request, cancellation);
                return See(good.Client.ClientId, kept);
            case ReadRequest.Refused refused:
                return flow.Refuse(refused.RedirectUri, refused.ResponseMode, refused.State, refused.Error);
            case ReadRequest.Unsafe { Error: var reason }:
                return BrowserAnswers.Error(reason);
            default:
                throw new InvalidOperationException("A request is good, refused or unsafe.");
        }
    }

    private static async Task<IResult> ResumeAsync(string? interaction, HttpContext http, AuthorizeFlow flow, CancellationToken cancellation) =>
        interaction is { Length: 43 }
            ? await flow.ResumeAsync(http, interaction, cancellation)
            : BrowserAnswers.Gone();

    private static IResult See(string? clientId, string requestUri) =>
        BrowserAnswers.To(Clients.RedirectUris.With(Paths.Authorize, [new("client_id", clientId), new("request_uri", requestUri)]), StatusCodes.Status303SeeOther);
}

/// <summary>Pushed authorization requests (RFC 9126). One is used up when its authorization completes, not when a browser first presents it.</summary>
internal sealed class PushedRequests(IGrantStore grants, IClientStore clients, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    private const string Prefix = "urn:ietf:params:oauth:request_uri:";

    public async Task<string> PutAsync(AuthorizeRequest request, CancellationToken cancellation)
    {
        var handle = Handles.New();
        var now = clock.GetUtcNow();
        await grants.PutAsync(new Grant
        {
            Key = Handles.Hash(handle),
            Kind = GrantKind.PushedRequest,
            ClientId = request.ClientId,
            Data = JsonSerializer.Serialize(request),
            CreatedAt = now,
            ExpiresAt = now.AddSeconds(options.Value.PushedRequestSeconds),
        }, cancellation);
        return Prefix + handle;
    }

    public async Task<(Clients.Client Client, AuthorizeRequest Request, string Key)?> FindAsync(string requestUri, string? clientId, CancellationToken cancellation)
    {
        if (!requestUri.StartsWith(Prefix, StringComparison.Ordinal) || clientId is null)
        {
            return null;
        }

        var key = Handles.Hash(requestUri[Prefix.Length..]);
        return await grants.FindAsync(GrantKind.PushedRequest, key, cancellation) is { ConsumedAt: null } grant
            && grant.ClientId == clientId && grant.ExpiresAt > clock.GetUtcNow()
            && JsonSerializer.Deserialize<AuthorizeRequest>(grant.Data) is { } request
            && await clients.FindAsync(clientId, cancellation) is { } client
                ? (client, request, key)
                : null;
    }
}
