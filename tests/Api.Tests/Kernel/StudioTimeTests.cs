using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using Proofsheet.Api.Http;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

/// <summary>Times without an offset are those of the studio's time zone.</summary>
public sealed class StudioTimeTests(ApiHost api)
{
    [Theory]
    [InlineData("America/Los_Angeles", "2036-12-31", "2037-01-01T08:00:00Z")]
    [InlineData("America/Los_Angeles", "2036-12-31T23:59", "2037-01-01T07:59:00Z")]
    [InlineData("America/Los_Angeles", "2036-12-31T23:59:00", "2037-01-01T07:59:00Z")]
    [InlineData("America/Los_Angeles", "2036-12-31T23:59:00.5", "2037-01-01T07:59:00.5Z")]
    [InlineData("America/Los_Angeles", "2036-12-31T23:59:00+02:00", "2036-12-31T21:59:00Z")]
    [InlineData("America/Los_Angeles", "2036-12-31T23:59:00Z", "2036-12-31T23:59:00Z")]
    [InlineData("Etc/UTC", "2036-02-28", "2036-02-29T00:00:00Z")]
    // Skipped: the offset from before the gap. Repeated: the first time.
    [InlineData("Europe/Stockholm", "2026-03-29T02:30", "2026-03-29T01:30:00Z")]
    [InlineData("Europe/Stockholm", "2026-10-25T02:30", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Stockholm", "2026-10-25T03:00", "2026-10-25T02:00:00Z")]
    // Midnight itself is skipped, repeated, or an hour before it is.
    [InlineData("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00Z")]
    [InlineData("America/Havana", "2019-11-02", "2019-11-03T04:00:00Z")]
    [InlineData("America/Sao_Paulo", "2019-02-16", "2019-02-17T03:00:00Z")]
    [InlineData("America/St_Johns", "2010-11-06", "2010-11-07T03:30:00Z")]
    // A day that this island left out.
    [InlineData("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z")]
    public void Every_form_is_one_moment(string zone, string text, string utc) =>
        JsonSerializer.Deserialize<StudioTime>(JsonSerializer.Serialize(text)).In(TimeZoneInfo.FindSystemTimeZoneById(zone))
            .Should().Be(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture));

    [Fact]
    public void In_every_zone_a_day_ends_when_it_is_over_and_no_moment_of_it_is_later()
    {
        var random = new Random(20361231);
        var wrong = new List<string>();
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            // Days around each change of the offset, where the mistakes would be, and some others.
            foreach (var day in Changes(zone).SelectMany(d => new[] { d.AddDays(-1), d, d.AddDays(1) }).Concat(Enumerable.Range(0, 10).Select(_ => new DateOnly(2000, 1, 1).AddDays(random.Next(14_000)))))
            {
                var end = ZonedTimes.EndOf(day, zone);
                if (DayAt(end.AddTicks(-1), zone) > day || Enumerable.Range(0, 8).Any(quarters => DayAt(end.AddMinutes(15 * quarters), zone) <= day))
                {
                    wrong.Add($"{zone.Id} {day:O}: {end:O}");
                }
            }
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void In_every_zone_a_local_time_that_exists_is_read_as_it_is_shown()
    {
        var random = new Random(5545);
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            foreach (var at in Changes(zone).Select(d => d.ToDateTime(TimeOnly.MinValue)).SelectMany(d => Enumerable.Range(-4, 12).Select(h => d.AddMinutes((h * 60) + random.Next(60)))))
            {
                var read = ZonedTimes.At(at, zone);
                var shown = TimeZoneInfo.ConvertTime(read, zone).DateTime;
                if (shown != at)
                {
                    shown.Should().BeAfter(at, "{0} is skipped in {1}", at, zone.Id);
                    TimeZoneInfo.ConvertTime(read.AddDays(-1), zone).DateTime.Should().BeBefore(at);
                }
                else
                {
                    // No earlier moment shows the same time.
                    foreach (var minutes in (int[])[20, 30, 60, 120])
                    {
                        TimeZoneInfo.ConvertTime(read.AddMinutes(-minutes), zone).DateTime.Should().NotBe(at);
                    }
                }
            }
        }
    }

    [Fact]
    public async Task An_expiry_without_an_offset_is_read_in_the_studios_zone()
    {
        var studio = await api.StudioAsync();
        (await studio.Api.PatchAsync("/v1/studio", new { timeZone = "America/Los_Angeles" })).ShouldBe(200);

        var made = (await studio.Api.PostAsync("/v1/galleries", new { title = "x", expiresAt = "2036-12-31" })).ShouldBe(201);
        made["expiresAt"].Should().Be("2037-01-01T08:00:00.000Z");
        var path = $"/v1/galleries/{made["id"]}";
        (await studio.Api.PatchAsync(path, new { expiresAt = "2036-12-31T23:59", proofingClosedAt = "2036-12-24" })).ShouldBe(200)["expiresAt"].Should().Be("2037-01-01T07:59:00.000Z");
        var other = (await studio.Api.PatchAsync(path, new { title = "y" })).ShouldBe(200);
        (other["expiresAt"], other["proofingClosedAt"]).Should().Be(("2037-01-01T07:59:00.000Z", "2036-12-25T08:00:00.000Z"));
        (await studio.Api.PatchAsync(path, new { expiresAt = "2036-12-31T12:00:00+01:00" })).ShouldBe(200)["expiresAt"].Should().Be("2036-12-31T11:00:00.000Z");
        (await studio.Api.PatchAsync(path, new { expiresAt = "2020-01-01" })).ShouldBeProblem(422, "already_expired");
    }

    [Theory]
    [InlineData("2036-13-01")]
    [InlineData("2036-02-30")]
    [InlineData("2036-12-31T24:30")]
    [InlineData("2036-12-31 12:00")]
    [InlineData("31.12.2036")]
    [InlineData("tomorrow")]
    [InlineData("")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-31T23:59:59")]
    [InlineData("Thu, 31 Dec 2036 12:00:00 Z")]
    public async Task What_is_no_time_is_refused(string expiresAt)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", expiresAt })).ShouldBeProblem(400, "malformed_json");
    }

    private static DateOnly DayAt(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    private static IEnumerable<DateOnly> Changes(TimeZoneInfo zone)
    {
        var before = zone.GetUtcOffset(new DateTimeOffset(2005, 1, 1, 0, 0, 0, TimeSpan.Zero));
        for (var at = new DateTimeOffset(2005, 1, 1, 0, 0, 0, TimeSpan.Zero); at.Year < 2038; at = at.AddHours(12))
        {
            var offset = zone.GetUtcOffset(at);
            if (offset != before)
            {
                yield return DateOnly.FromDateTime(at.DateTime);
            }

            before = offset;
        }
    }
}
