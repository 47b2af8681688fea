using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using Proofsheet.Identity.Protocol.Events;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:7f00:1::", false)]
    [InlineData("2606:4700::1111", true)]
    public void Only_public_addresses_are_called_for_strangers(string address, bool isPublic) =>
        PublicAddresses.IsPublic(IPAddress.Parse(address)).Should().Be(isPublic);

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var handler = PublicAddresses.Handler(allowPrivate: false);
        using var http = new HttpClient(handler);

        var call = () => http.GetAsync($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/events");

        (await call.Should().ThrowAsync<HttpRequestException>()).Which.Message.Should().Contain("no public address");
        listener.Pending().Should().BeFalse();
    }
}
