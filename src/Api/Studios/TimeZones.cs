namespace Proofsheet.Api.Studios;

internal static class TimeZones
{
    public static bool IsKnown(string name) => name.Length is > 0 and <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);
}
