using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Protocol.Events;

/// <summary>Notifies a client that a session ended (OpenID Connect Back-Channel Logout 1.0).</summary>
internal sealed record BackChannelLogout(string Address, string ClientId, string Subject, string SessionId, string TokenId, DateTimeOffset At) : IOutboxEvent
{
    public static string EventName => "identity.back_channel_logout";

    public static BackChannelLogout Of(string address, string clientId, string subject, string sessionId, DateTimeOffset at) =>
        new(address, clientId, subject, sessionId, Handles.New(), at);
}

internal sealed class SendBackChannelLogout(IHttpClientFactory http, SigningKeys keys, IOptions<AuthorityOptions> authority, TimeProvider clock) : IHandle<BackChannelLogout>
{
    public const string Client = "back-channel-logout";

    public async Task HandleAsync(BackChannelLogout happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        // Section 2.4. The lifetime is short and restarts with each attempt; the jti stays the same.
        var now = clock.GetUtcNow();
        var token = Jws.Sign(
            await keys.CurrentAsync(SignatureAlgorithms.ES256, cancellation),
            "logout+jwt",
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["iss"] = authority.Value.Issuer,
                ["aud"] = happened.ClientId,
                ["sub"] = happened.Subject,
                ["sid"] = happened.SessionId,
                ["jti"] = happened.TokenId,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = now.AddMinutes(2).ToUnixTimeSeconds(),
                ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
            }));
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, happened.Address) { Content = content };
        using var answer = await http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>Client-supplied URLs must not lead into the network of this server.</summary>
internal static class PublicAddresses
{
    public static SocketsHttpHandler Handler(bool allowPrivate) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxResponseHeadersLength = 16,
        ConnectCallback = async (context, cancellation) =>
        {
            // Connects to the address resolved here: a second lookup could return a different one.
            var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
            var target = addresses.FirstOrDefault(a => allowPrivate || IsPublic(a))
                ?? throw new HttpRequestException($"{context.DnsEndPoint.Host} has no public address.");
            var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(target, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Only 2000::/3 is routed publicly; in it, 2002::/16 (6to4) and 2001::/32 (Teredo) embed IPv4 addresses, and 2001:db8::/32 is for documentation.
            var six = address.GetAddressBytes();
            return (six[0] & 0xe0) == 0x20
                && !(six[0] == 0x20 && six[1] == 0x02)
                && !(six[0] == 0x20 && six[1] == 0x01 && ((six[2] == 0 && six[3] == 0) || (six[2] == 0x0d && six[3] == 0xb8)));
        }

        var four = address.GetAddressBytes();
        return (four[0], four[1]) switch
        {
            (0 or 10 or 127 or >= 224, _) => false,
            (100, >= 64 and <= 127) => false,
            (169, 254) => false,
            (172, >= 16 and <= 31) => false,
            (192, 168) => false,
            (192, 0) => false,
            (198, 18 or 19) => false,
            _ => true,
        };
    }
}
