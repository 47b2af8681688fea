using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Jose;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Identity.Protocol.Events;

/// <summary>A security event token to be pushed to one receiver (RFC 8417, RFC 8935).</summary>
/// <param name="TokenId">The <c>jti</c>, the same for every attempt, so that the receiver can discard duplicates.</param>
internal sealed record SecurityEventOccurred(string Receiver, string Audience, string TokenId, string Type, string Payload, DateTimeOffset At) : IOutboxEvent
{
    public static string EventName => "identity.security_event";
}

/// <summary>Tells receivers what was revoked. Nothing is sent until the change is committed.</summary>
internal sealed class SecurityEvents(IOutboxPublisher outbox, IOptions<ProtocolOptions> options, IOptions<AuthorityOptions> authority, TimeProvider clock)
{
    public const string SessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
    public const string AccountDisabled = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
    public const string TokenRevoked = "urn:proofsheet:event:token-revoked";
    public const string FamilyRevoked = "urn:proofsheet:event:family-revoked";

    public Task SessionRevokedAsync(string sessionId, CancellationToken cancellation) => TellAsync(
        SessionRevoked, new JsonObject { ["subject"] = new JsonObject { ["format"] = "opaque", ["id"] = sessionId } }, cancellation);

    public Task AccountDisabledAsync(string subject, CancellationToken cancellation) => TellAsync(
        AccountDisabled, new JsonObject { ["subject"] = new JsonObject { ["format"] = "iss_sub", ["iss"] = authority.Value.Issuer, ["sub"] = subject } }, cancellation);

    public Task TokenRevokedAsync(string jti, DateTimeOffset expires, CancellationToken cancellation) => TellAsync(
        TokenRevoked, new JsonObject { ["jti"] = jti, ["exp"] = expires.ToUnixTimeSeconds() }, cancellation);

    public Task FamilyRevokedAsync(string family, DateTimeOffset expires, CancellationToken cancellation) => TellAsync(
        FamilyRevoked, new JsonObject { ["family"] = family, ["exp"] = expires.ToUnixTimeSeconds() }, cancellation);

    private async Task TellAsync(string type, JsonObject payload, CancellationToken cancellation)
    {
        // One message per receiver, so that when one is down, the others do not receive duplicates.
        foreach (var receiver in options.Value.EventReceivers)
        {
            await outbox.PublishAsync(
                new SecurityEventOccurred(receiver.Address, receiver.Audience ?? authority.Value.Audience, Handles.New(), type, payload.ToJsonString(), clock.GetUtcNow()),
                cancellation);
        }
    }
}

internal sealed class PushSecurityEvent(IHttpClientFactory http, SigningKeys keys, IOptions<AuthorityOptions> authority) : IHandle<SecurityEventOccurred>
{
    public const string Client = "security-events";

    public async Task HandleAsync(SecurityEventOccurred happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var token = Jws.Sign(
            await keys.CurrentAsync(SignatureAlgorithms.ES256, cancellation),
            "secevent+jwt",
            JsonSerializer.SerializeToUtf8Bytes(new JsonObject
            {
                ["iss"] = authority.Value.Issuer,
                ["aud"] = happened.Audience,
                ["jti"] = happened.TokenId,
                ["iat"] = happened.At.ToUnixTimeSeconds(),
                ["events"] = new JsonObject { [happened.Type] = JsonNode.Parse(happened.Payload) },
            }));
        using var request = new HttpRequestMessage(HttpMethod.Post, happened.Receiver) { Content = new StringContent(token) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/secevent+jwt");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await http.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
