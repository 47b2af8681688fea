using System.Net;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Hosting;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

public sealed class AddressKeyTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("64:ff9b::203.0.113.7", "203.0.113.7")]
    [InlineData("64:ff9b::203.0.113.8", "203.0.113.8")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("fe80::1%2", "fe80::/64")]
    [InlineData("::1", "::/64")]
    public void An_address_counts_by_its_network(string address, string key) => AddressKey.Of(IPAddress.Parse(address)).Should().Be(key);

    [Fact]
    public void No_address_is_a_key_too() => AddressKey.Of((IPAddress?)null).Should().BeEmpty();

    [Fact]
    public async Task Requests_without_a_credential_are_limited_by_network()
    {
        await using var host = await ApiHost.StartAsync(new() { ["RateLimits:AnonymousPerHour"] = "3", ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1", ["ForwardedHeaders:KnownProxies:1"] = "::1" });
        var client = host.Client(null);
        async Task<int> From(string address) =>
            (await client.SendAsync(HttpMethod.Get, "/v1/brands/nobody", null, request => request.Headers.Add("X-Forwarded-For", address))).Status;

        for (var i = 1; i <= 3; i++)
        {
            (await From($"2001:db8:1:2::{i}")).Should().Be(404);
        }

        (await From("2001:db8:1:2:aaaa:bbbb:cccc:dddd")).Should().Be(429);
        (await From("2001:db8:1:3::1")).Should().Be(404);
    }
}
