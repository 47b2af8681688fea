using System.Net.Http.Headers;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>Which part a response contains, and the total length: <c>bytes 400-599/1000</c>.</summary>
internal readonly record struct ContentRange(long From, long Whole)
{
    public static bool TryParse(string? header, out ContentRange range)
    {
        range = default;
        if (!ContentRangeHeaderValue.TryParse(header, out var value) || value is not { From: { } from, Length: { } whole })
        {
            return false;
        }

        range = new ContentRange(from, whole);
        return true;
    }
}
