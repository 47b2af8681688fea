using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Http;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Media.Watermarks;

namespace Proofsheet.Api.Media.Serving;

/// <summary>The signed parts of a request, taken from the raw request line before anything decodes it.</summary>
internal readonly ref struct SignedTarget
{
    private SignedTarget(ReadOnlySpan<char> path, ReadOnlySpan<char> expiry, ReadOnlySpan<char> signature)
    {
        Path = path;
        Expiry = expiry;
        Signature = signature;
    }

    public ReadOnlySpan<char> Path { get; }

    public ReadOnlySpan<char> Expiry { get; }

    public ReadOnlySpan<char> Signature { get; }

    /// <summary>Reads <c>path?e=…&amp;s=…</c> and nothing else: extra parameters would give one picture many URLs, which fill caches.</summary>
    public static SignedTarget Of(ReadOnlySpan<char> target)
    {
        var question = target.IndexOf('?');
        if (question < 0 || !target[(question + 1)..].StartsWith("e="))
        {
            return default;
        }

        var expiry = target[(question + 3)..];
        var and = expiry.IndexOf('&');
        return and >= 0 && expiry[(and + 1)..].StartsWith("s=") ? new(target[..question], expiry[..and], expiry[(and + 3)..]) : default;
    }
}

/// <summary>
/// Serves a picture's URL. The usual case, a whole picture that is in memory, touches neither database nor store and allocates
/// almost nothing.
/// </summary>
internal sealed class PictureDelivery(MediaSigner signer, Pictures pictures, RenditionCache hot, IOptions<DeliveryOptions> options, TimeProvider clock)
{
    /// <summary>How much of one response may wait in memory for a slow reader.</summary>
    private const int SliceBytes = 256 << 10;

    /// <summary>A picture that shows a visitor's name is kept no longer than this, so that the name is not either.</summary>
    private const int ForOneMilliseconds = 60 * 60 * 1_000;

    /// <summary>How long a picture of a photo may be kept while its smaller formats are still being made.</summary>
    private const int UntilFormatsSeconds = 60;

    private readonly string _tagHeader = options.Value.TagHeader;

    public async Task AnswerAsync(HttpContext http)
    {
        var now = clock.GetUtcNow();
        var asked = Read(http, now);
        if (asked.Check != SignatureCheck.Ok)
        {
            await RefuseAsync(http, asked.Check == SignatureCheck.Expired ? Over() : Problems.Forbidden("invalid_signature", "This address is not one that was given out."));
            return;
        }

        var showing = asked.Path is null ? DeliveryDecision.None : await pictures.ShowingAsync(asked.Path, now, http.RequestAborted);
        if (!showing.IsShown)
        {
            await RefuseAsync(http, showing.IsOver ? Over() : Problems.NotFound("picture"));
            return;
        }

        asked = asked with { Expiry = showing.Photo!.HasAllFormats ? asked.Expiry : Math.Min(asked.Expiry, now.ToUnixTimeSeconds() + UntilFormatsSeconds) };
        var format = FormatChoice.Of(AcceptedFormats.Of(http.Request.Headers.Accept), showing.Photo, asked.Path!.Size);
        if (HeldOf(asked, format) is { } held)
        {
            await SendAsync(http, held, held.CacheControl(asked.Expiry, now.ToUnixTimeSeconds(), showing.IsPublic));
            return;
        }

        await FindAsync(http, asked, format, showing, now);
    }

    private Asked Read(HttpContext http, DateTimeOffset now)
    {
        var target = SignedTarget.Of(http.Features.Get<IHttpRequestFeature>()!.RawTarget);
        var check = signer.Verify(target.Path, target.Expiry, target.Signature, now);
        if (check != SignatureCheck.Ok)
        {
            return new Asked(check, 0, "", null, null);
        }

        // Only what was signed is trusted, character for character.
        var expiry = long.Parse(target.Expiry, NumberStyles.None, CultureInfo.InvariantCulture);
        if (hot.Find(target.Path) is { } known)
        {
            return new Asked(check, expiry, known.Text, known.Path, known);
        }

        var text = target.Path.ToString();
        return new Asked(check, expiry, text, MediaPath.Read(text), null);
    }

    private static HotPicture? HeldOf(in Asked asked, RenditionFormat format) =>
        asked.Known?[format] is { } held && (asked.Path!.Visitor is null || Environment.TickCount64 - held.HeldSince < ForOneMilliseconds) ? held : null;

    private async Task FindAsync(HttpContext http, Asked asked, RenditionFormat format, DeliveryDecision showing, DateTimeOffset now)
    {
        FoundPicture? found;
        try
        {
            found = await pictures.LoadAsync(asked.Path!, asked.Text, format, showing, http.RequestAborted);
        }
        catch (PicturesBusyException)
        {
            http.Response.Headers.RetryAfter = "2";
            await RefuseAsync(http, Problems.Of(503, "pictures_busy", "Too many pictures are being made at this moment. Ask again as `Retry-After` says."));
            return;
        }

        if (found is null)
        {
            await RefuseAsync(http, Problems.NotFound("picture"));
            return;
        }

        // A picture from the store gets the same headers as one in memory.
        var picture = found.Held ?? new HotPicture(asked.Path!, format, default, found.Tag, null);
        var control = picture.CacheControl(asked.Expiry, now.ToUnixTimeSeconds(), showing.IsPublic);
        if (found.Stream is null)
        {
            await SendAsync(http, picture, control);
            return;
        }

        Describe(http, picture, control);
        await ExecuteAsync(http, TypedResults.Stream(found.Stream, format.ContentType(), entityTag: new EntityTagHeaderValue($"\"{found.Tag}\""), enableRangeProcessing: true));
    }

    private Task SendAsync(HttpContext http, HotPicture picture, string control)
    {
        if (!picture.WasUsed)
        {
            picture.WasUsed = true;
        }

        Describe(http, picture, control);
        var request = http.Request.Headers;
        if (HttpMethods.IsHead(http.Request.Method) || request.IfNoneMatch.Count > 0 || request.Range.Count > 0
            || request.IfMatch.Count > 0 || request.IfModifiedSince.Count > 0 || request.IfUnmodifiedSince.Count > 0)
        {
            return ExecuteAsync(http, TypedResults.Bytes(picture.Bytes, picture.Format.ContentType(), entityTag: new EntityTagHeaderValue($"\"{picture.Tag}\""), enableRangeProcessing: true));
        }

        http.Response.Headers.ETag = picture.ETag;
        http.Response.Headers.ContentType = picture.Format.ContentType();
        http.Response.ContentLength = picture.Bytes.Length;
        return WriteAsync(http.Response, picture.Bytes);
    }

    /// <summary>Lets the framework handle conditions and ranges. A refused range must not be cached as the picture.</summary>
    private static Task ExecuteAsync(HttpContext http, IResult result)
    {
        http.Response.OnStarting(static state =>
        {
            if (((HttpContext)state).Response is { StatusCode: >= 400 } response)
            {
                response.Headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, http);
        return result.ExecuteAsync(http);
    }

    /// <summary>
    /// Writes straight into the connection's buffer, in one piece if it is not too large. The headers are sent first, because earlier bytes
    /// would be copied once more. The buffer is requested by size, because it would otherwise consist of 4 KB pages.
    /// </summary>
    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> bytes)
    {
        await response.StartAsync();
        var writer = response.BodyWriter;
        while (bytes.Length > 0)
        {
            var slice = bytes.Span[..Math.Min(bytes.Length, SliceBytes)];
            slice.CopyTo(writer.GetSpan(slice.Length));
            writer.Advance(slice.Length);
            bytes = bytes[slice.Length..];
            if ((await writer.FlushAsync()).IsCompleted)
            {
                return;
            }
        }
    }

    private void Describe(HttpContext http, HotPicture picture, string control)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = control;
        headers.Vary = VaryByAccept;
        headers.ContentDisposition = picture.Disposition;
        headers.AcceptRanges = Bytes;
        if (http.Request.Headers.Range is [{ } range] && !(range.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) && !range.Contains(',', StringComparison.Ordinal)))
        {
            // Multiple ranges and unknown units get the whole picture; the framework would treat any unit as bytes.
            http.Request.Headers.Remove(HeaderNames.Range);
        }

        if (picture.CacheTags is { } tags)
        {
            headers[_tagHeader] = tags;
        }
    }

    private static Task RefuseAsync(HttpContext http, ProblemHttpResult problem)
    {
        http.Response.Headers.CacheControl = "no-store";
        // An img element accepts only images, and the framework would then leave the usual fields out of the problem.
        http.Request.Headers.Remove(HeaderNames.Accept);
        return problem.ExecuteAsync(http);
    }

    private static ProblemHttpResult Over() => Problems.Gone("link_expired", "This address has ended. Read the photo again with `GetPhoto` for a new one.");

    private static readonly StringValues VaryByAccept = "Accept";
    private static readonly StringValues Bytes = "bytes";

    /// <summary>A request whose signature was checked.</summary>
    /// <param name="Expiry">Until when caches may keep the picture, in Unix seconds: at most until the URL expires.</param>
    /// <param name="Text">The path, character for character.</param>
    /// <param name="Path">The parsed path; null if it is not one of ours.</param>
    /// <param name="Known">The cache entry; null if it is not in memory.</param>
    private readonly record struct Asked(SignatureCheck Check, long Expiry, string Text, MediaPath? Path, HotPath? Known);
}
