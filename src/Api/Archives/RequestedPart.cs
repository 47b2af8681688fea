using Microsoft.Net.Http.Headers;

namespace Proofsheet.Api.Archives;

/// <summary>Which bytes of a file a request gets, according to its preconditions and its range (RFC 9110, 13.2.2 and 14.2).</summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="From">The first byte; 0 unless 206.</param>
/// <param name="Length">The number of bytes; 0 if no content is sent.</param>
internal readonly record struct RequestedPart(int Status, long From, long Length)
{
    public static RequestedPart Of(HttpRequest request, EntityTagHeaderValue etag, DateTimeOffset modifiedAt, long length)
    {
        var headers = request.GetTypedHeaders();
        // HTTP dates have a precision of one second.
        var modified = DateTimeOffset.FromUnixTimeSeconds(modifiedAt.ToUnixTimeSeconds());
        if (headers.IfMatch.Count > 0
            ? !headers.IfMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(etag, useStrongComparison: true))
            : headers.IfUnmodifiedSince < modified)
        {
            return new(StatusCodes.Status412PreconditionFailed, 0, 0);
        }

        if (headers.IfNoneMatch.Count > 0
            ? headers.IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(etag, useStrongComparison: false))
            : headers.IfModifiedSince >= modified)
        {
            return new(StatusCodes.Status304NotModified, 0, 0);
        }

        var whole = new RequestedPart(StatusCodes.Status200OK, 0, length);
        // Multiple ranges are answered with the whole file, as RFC 9110 allows: no client that resumes asks for several.
        if (!HttpMethods.IsGet(request.Method) || headers.Range is not { Ranges.Count: 1 } range || !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            || !StillHolds(headers.IfRange, etag, modified))
        {
            return whole;
        }

        return Part(range.Ranges.Single(), length);
    }

    private static bool StillHolds(RangeConditionHeaderValue? condition, EntityTagHeaderValue etag, DateTimeOffset modified) => condition switch
    {
        null => true,
        { EntityTag: { } tag } => tag.Compare(etag, useStrongComparison: true),
        _ => condition.LastModified == modified,
    };

    private static RequestedPart Part(RangeItemHeaderValue asked, long length)
    {
        var (from, to) = (asked.From, asked.To) switch
        {
            ({ } first, null) => (first, length - 1),
            ({ } first, { } last) => (first, Math.Min(last, length - 1)),
            (null, { } suffix) => (Math.Max(0, length - suffix), length - 1),
            _ => (length, 0),
        };
        return from >= length || to < from
            ? new(StatusCodes.Status416RangeNotSatisfiable, 0, 0)
            : new(StatusCodes.Status206PartialContent, from, to - from + 1);
    }
}
