using FluentAssertions;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>An operator who was told of a limit searches for the setting by its whole name.</summary>
public sealed class LimitSettingsTests
{
    [Theory]
    [InlineData("RateLimits", typeof(RateLimitOptions))]
    [InlineData("Concurrency", typeof(ConcurrencyOptions))]
    [InlineData("Galleries:Unlock", typeof(UnlockOptions))]
    public void The_settings_of_limits_are_documented_by_their_full_names(string section, Type options)
    {
        var names = options.GetProperties().Where(p => p.CanWrite).Select(p => $"`{section}:{p.Name}`").ToList();

        names.Should().HaveCountGreaterThan(4);
        names.Should().OnlyContain(name => Repository.Read("docs/operations.md").Contains(name));
    }
}
