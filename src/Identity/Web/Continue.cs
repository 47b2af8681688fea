using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc;

namespace Proofsheet.Identity.Web;

/// <summary>
/// Sends the browser on after a form. A redirect would count as part of the form's submission, and Chromium blocks one that ends at another host (CSP
/// form-action). This page ends the submission and then navigates by itself.
/// </summary>
internal static class Continue
{
    public static ContentResult To(string address) => new() { ContentType = Html, Content = PageOf(address) };

    /// <summary>The same for code outside of pages.</summary>
    public static Task WriteAsync(HttpResponse response, string address)
    {
        response.ContentType = Html;
        return response.WriteAsync(PageOf(address), response.HttpContext.RequestAborted);
    }

    private const string Html = "text/html; charset=utf-8";

    private static string PageOf(string address)
    {
        // Client URLs were checked at registration; this is the last check before a browser could treat one as a script.
        var safe = (address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal)) || (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is not ("javascript" or "data" or "vbscript" or "file" or "blob"))
            ? address
            : throw new InvalidOperationException("Not an address to lead a browser to.");
        var encoded = HtmlEncoder.Default.Encode(safe);
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="0;url={encoded}">
            <title>One moment</title>
            <link rel="stylesheet" href="{HtmlEncoder.Default.Encode(Assets.AddressOf("site.css"))}">
            </head>
            <body><main class="card"><h1>One moment</h1><p><a id="continue" href="{encoded}">Go on</a></p></main></body>
            </html>
            """;
    }
}
