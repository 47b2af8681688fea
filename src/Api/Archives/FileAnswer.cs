using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;

namespace Proofsheet.Api.Archives;

/// <summary>Writes the given number of bytes of the content, starting at an offset.</summary>
internal delegate Task WriteContent(PipeWriter to, long from, long length, CancellationToken cancellation);

/// <summary>
/// A file download, or the requested part of it. The bytes go straight into the connection's memory; the framework's own
/// range responses copy them through a buffer of 64 KB.
/// </summary>
internal sealed class FileAnswer(RequestedPart part, string contentType, string fileName, WriteContent write) : IResult
{
    public required long Length { get; init; }

    public required EntityTagHeaderValue ETag { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Where the store itself serves the same file for a few minutes; the client is redirected there. Null if the file is sent from here.</summary>
    public Uri? Elsewhere { get; init; }

    /// <summary>Called with the number of bytes that were not sent, if the transfer breaks.</summary>
    public Func<long, Task>? Unsent { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (Elsewhere is not null)
        {
            // Anyone who has the URL can use it while it is valid, so no cache may keep it.
            httpContext.Response.Headers.CacheControl = "private, no-store";
            httpContext.Response.Headers.Location = Elsewhere.AbsoluteUri;
            httpContext.Response.StatusCode = StatusCodes.Status302Found;
            return;
        }

        var (response, headers) = (httpContext.Response, httpContext.Response.GetTypedHeaders());
        response.StatusCode = part.Status;
        headers.ETag = ETag;
        headers.LastModified = ModifiedAt;
        // Must not be cached: a download from a cache could be neither counted nor refused.
        response.Headers.CacheControl = "private, no-store";
        response.Headers.AcceptRanges = "bytes";
        if (part.Status is StatusCodes.Status416RangeNotSatisfiable)
        {
            headers.ContentRange = new ContentRangeHeaderValue(Length);
            return;
        }

        if (part.Status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent))
        {
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = part.Length;
        headers.ContentDisposition = DispositionOf(fileName);
        if (part.Status is StatusCodes.Status206PartialContent)
        {
            headers.ContentRange = new ContentRangeHeaderValue(part.From, part.From + part.Length - 1, Length);
        }

        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await SendAsync(httpContext);
        }
    }

    private async Task SendAsync(HttpContext http)
    {
        CountingWriter? counting = null;
        try
        {
            // Before the first write, because only then does the connection provide its own memory to write into.
            await http.Response.StartAsync(http.RequestAborted);
            counting = new CountingWriter(http.Response.BodyWriter);
            await write(counting, part.From, part.Length, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || counting is { IsBroken: true })
        {
            // The client disconnected, perhaps to resume later.
            http.Abort();
        }
        finally
        {
            if (Unsent is not null && part.Length - (counting?.Written ?? 0) is > 0 and var unsent)
            {
                await Unsent(unsent);
            }
        }
    }

    /// <summary>RFC 6266 with RFC 8187: the name as it is, and an ASCII form for clients that read nothing else.</summary>
    public static ContentDispositionHeaderValue DispositionOf(string fileName)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        return disposition;
    }
}
