namespace Proofsheet.Api.Studios;

internal static class TimeZones
{
    public static bool IsKnown(string name) => name.Length is > 0 and <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    /// <summary>The studio's zone; UTC if this machine's time zone data does not have it any more.</summary>
    public static TimeZoneInfo Of(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
