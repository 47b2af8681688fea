using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Protocol.Web;

/// <summary>Responses to browsers from the protocol itself.</summary>
internal static class BrowserAnswers
{
    // This is the only script, and the policy contains its hash: nothing else can run.
    private const string Submit = "document.forms[0].submit()";
    private static readonly string SubmitHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Submit)));

    /// <summary>An error that cannot be sent to the client, because the client or its redirect URI is in doubt (RFC 6749 section 4.1.2.1).</summary>
    public static IResult Error(OAuthError error) => new RefusalResult(new ProtocolRefusal("client", error.Code, error.Description), error.Status);

    /// <summary>The request that the browser returned for no longer exists, or belongs to another browser.</summary>
    public static IResult Gone() => new RefusalResult(
        new ProtocolRefusal("gone", "invalid_request", "This request has run out, was carried out already, or was begun in another browser."), StatusCodes.Status400BadRequest);

    /// <summary>Sends parameters to the client, by redirect or by a self-submitting form (OAuth 2.0 Form Post Response Mode).</summary>
    public static IResult ToClient(string redirectUri, string responseMode, IReadOnlyList<KeyValuePair<string, string?>> parameters)
    {
        if (responseMode != "form_post")
        {
            return To(RedirectUris.With(redirectUri, parameters), StatusCodes.Status302Found);
        }

        var inputs = string.Concat(parameters.Where(p => p.Value is not null)
            .Select(p => $"<input type=\"hidden\" name=\"{Encode(p.Key)}\" value=\"{Encode(p.Value!)}\">"));
        return new Page(
            StatusCodes.Status200OK,
            $"""
            <form method="post" action="{Encode(redirectUri)}">{inputs}<noscript><button>Continue</button></noscript></form>
            <script>{Submit}</script>
            """,
            $"default-src 'none'; script-src 'sha256-{SubmitHash}'; form-action {RedirectUris.FormActionSource(redirectUri)}; frame-ancestors 'none'; base-uri 'none'");
    }

    /// <summary>Replaces the framework's redirect, which would log the URL and with it the code.</summary>
    public static IResult To(string address, int status) => new Redirect(address, status);

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private sealed class Redirect(string address, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }

    private sealed class Page(int status, string body, string policy) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.Headers.ContentSecurityPolicy = policy;
            return httpContext.Response.WriteAsync(
                $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Proofsheet</title></head><body><main>{body}</main></body></html>",
                httpContext.RequestAborted);
        }
    }
}

internal sealed class RefusalResult(ProtocolRefusal refusal, int status) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Features.Set(refusal);
        return Task.CompletedTask;
    }
}
