using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Proofsheet.Api.Http;

/// <summary>
/// A time in a request, as RFC 3339 has it or without the offset: a local time or a bare date of the studio, which means that day's end. Which moment that is
/// depends on the studio's time zone (<see cref="In"/>).
/// </summary>
[JsonConverter(typeof(Converter))]
public readonly record struct StudioTime
{
    public const string Description = "A date and time with an offset (RFC 3339), or without one in the studio's time zone: `2036-12-31T18:00:00`, "
        + "or `2036-12-31` for the end of that day, which is the next midnight there. A time that daylight saving skips or repeats is read as in RFC 5545.";

    private static readonly string[] LocalForms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];
    private readonly DateTimeOffset? _instant;
    private readonly DateTime? _local;
    private readonly DateOnly? _day;

    private StudioTime(DateTimeOffset? instant, DateTime? local, DateOnly? day) => (_instant, _local, _day) = (instant, local, day);

    public static StudioTime Of(DateTimeOffset instant) => new(instant, null, null);

    /// <summary>A local time or a bare date. Null if it is neither, or so far away that a zone could move it out of the calendar.</summary>
    public static StudioTime? Local(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and < 9000 ? new(null, null, day)
            : DateTime.TryParseExact(text, LocalForms, culture, DateTimeStyles.None, out var local) && local.Year is >= 1900 and < 9000 ? new(null, local, null)
            : null;
    }

    public DateTimeOffset In(TimeZoneInfo zone) => _instant ?? (_local is { } local ? ZonedTimes.At(local, zone) : ZonedTimes.EndOf(_day ?? default, zone));

    internal sealed class Converter : JsonConverter<StudioTime>
    {
        public override StudioTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType != JsonTokenType.String ? throw new JsonException()
            : Instant.HasOffset(reader.GetString()!) && reader.TryGetDateTimeOffset(out var instant) ? Of(instant.ToUniversalTime())
            : Local(reader.GetString()!) ?? throw new JsonException();

        /// <summary>Only times that are stored are written: what a merge patch is applied to.</summary>
        public override void Write(Utf8JsonWriter writer, StudioTime value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value._instant ?? throw new JsonException("A local time is only read."), options);
    }
}

/// <summary>What local times and days of a zone mean on the time line.</summary>
public static class ZonedTimes
{
    /// <summary>As RFC 5545 section 3.3.5: the first of a time that occurs twice; one that is skipped has the offset from before the gap.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        var candidates = Candidates(local, zone);
        return candidates.Count > 0 ? candidates[0] : Utc(local) - Offsets(local, zone).Before;
    }

    /// <summary>The moment from which on it is a later day: the next midnight, or the end of a gap around it.</summary>
    public static DateTimeOffset EndOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Midnight occurs twice: either one hour of the next day is repeated (the first ends this day), or one of this day (the second does).
        var last = Candidates(midnight, zone).LastOrDefault(c => DayOf(c.AddTicks(-1), zone) <= day);
        if (last != default)
        {
            return last;
        }

        // Midnight is skipped: find the moment of the change.
        var (before, after) = Offsets(midnight, zone);
        var (low, high) = (Utc(midnight) - after, Utc(midnight) - before);
        while (high - low > TimeSpan.FromTicks(1))
        {
            var middle = low + ((high - low) / 2);
            (low, high) = DayOf(middle, zone) > day ? (low, middle) : (middle, high);
        }

        return high;
    }

    private static DateOnly DayOf(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    private static DateTimeOffset Utc(DateTime local) => new(local.Ticks, TimeSpan.Zero);

    private static (TimeSpan Before, TimeSpan After) Offsets(DateTime local, TimeZoneInfo zone) => (zone.GetUtcOffset(Utc(local).AddDays(-1)), zone.GetUtcOffset(Utc(local).AddDays(1)));

    /// <summary>The moments at which clocks show it, in order: one, two when they are put back, none when they are put forward.</summary>
    private static List<DateTimeOffset> Candidates(DateTime local, TimeZoneInfo zone)
    {
        var (before, after) = Offsets(local, zone);
        return [.. new[] { before, after }.Distinct().OrderDescending().Select(offset => Utc(local) - offset).Where(c => TimeZoneInfo.ConvertTime(c, zone).DateTime == local)];
    }
}
