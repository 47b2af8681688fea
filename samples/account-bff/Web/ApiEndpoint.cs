using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Proofsheet.AccountBff.Sessions;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.Web;

/// <summary>
/// Proxies the API for scripts of this site (<c>createBffClient</c> of the TypeScript SDK) and replaces the cookie with an access token. Only
/// known headers are forwarded, so no cookies or credentials pass.
/// </summary>
internal static class ApiEndpoint
{
    public const string Client = "api";
    private static readonly string[] ToApi = ["Accept", "Accept-Language", "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID", "Range"];
    private static readonly string[] FromApi = ["ETag", "Retry-After", "X-Request-Id", "Accept-Ranges"];
    private static readonly string[] OfContent = ["Content-Type", "Content-Length", "Content-Disposition", "Content-Range", "Last-Modified"];

    public static void MapApi(this IEndpointRouteBuilder routes) => routes.Map("/bff/api/{**path}", HandleAsync).RequireOwnScript();

    private static async Task<IResult> HandleAsync(HttpContext http, SessionStore sessions, IHttpClientFactory clients, IOptions<BffOptions> options, CancellationToken cancellation)
    {
        if (sessions.Find(http.Request.SessionSecret()) is not { } session)
        {
            return UserEndpoint.NotSignedIn();
        }

        // Compared after parsing, so that dots and escapes cannot lead out of /v1.
        var asked = http.Request.Path.ToUriComponent()["/bff/api".Length..] + http.Request.QueryString.ToUriComponent();
        if (!Uri.TryCreate(options.Value.ApiUrl!, asked, out var target) || target.Authority != options.Value.ApiUrl!.Authority || !target.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal))
        {
            return Results.NotFound();
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // The API has its own limits, and photos are large.
            limit.MaxRequestBodySize = null;
        }

        try
        {
            var client = clients.CreateClient(Client);
            var token = await session.Tokens.GetTokenAsync(cancellation);
            var answer = token is null ? null : await SendAsync(http, client, target, token, cancellation);
            if (answer?.StatusCode == HttpStatusCode.Unauthorized && session.Tokens.Refuse(token!))
            {
                var next = await session.Tokens.GetTokenAsync(cancellation);
                // A body was sent and is gone: the script has to send it again, if there is still a session.
                if (next is null || !HasBody(http.Request))
                {
                    answer.Dispose();
                    answer = next is null ? null : await SendAsync(http, client, target, next, cancellation);
                }
            }

            if (answer is null)
            {
                http.EndSession(sessions);
                return UserEndpoint.NotSignedIn();
            }

            using (answer)
            {
                await PassOnAsync(answer, http.Response, cancellation);
            }

            return Results.Empty;
        }
        catch (Exception e) when (e is AuthorityException or HttpRequestException && !http.Response.HasStarted)
        {
            return Answers.Refusal(StatusCodes.Status502BadGateway, "upstream", "The API or the authority could not be reached.");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpContext http, HttpClient client, Uri target, string token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), target);
        foreach (var name in ToApi.Where(http.Request.Headers.ContainsKey))
        {
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)http.Request.Headers[name]!);
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (HasBody(http.Request))
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
            request.Content.Headers.ContentLength = http.Request.ContentLength;
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static async Task PassOnAsync(HttpResponseMessage answer, HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (names, headers) in new (string[], HttpHeaders)[] { (FromApi, answer.Headers), (OfContent, answer.Content.Headers) })
        {
            foreach (var name in names)
            {
                if (headers.TryGetValues(name, out var values))
                {
                    response.Headers[name] = values.ToArray();
                }
            }
        }

        await answer.Content.CopyToAsync(response.Body, cancellation);
    }
}
