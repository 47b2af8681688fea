using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Shared.Keyrings;
using Xunit;

namespace Proofsheet.Api.Tests.Payments;

public sealed class WebhookSignatureTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 13, 17, 5, TimeSpan.Zero);
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("first secret");
    private static readonly byte[] Other = Encoding.ASCII.GetBytes("second secret");
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"id":"evt_1"}""");

    [Fact]
    public void The_signature_is_the_one_everybody_computes()
    {
        // Computed with OpenSSL as HMAC-SHA-256 over "t.body", so that two mistakes of ours cannot cancel each other out.
        WebhookSignature.Sign([Secret], DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), Body)
            .Should().Be("t=1700000000,v1=60d4771b08cae93fb7716ccb05bedd4888d12e9b809d5e98322f5464d8a2858b");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(-300)]
    public void A_genuine_webhook_is_taken_within_five_minutes(int secondsLater) =>
        WebhookSignature.Check(WebhookSignature.Sign([Secret], Now, Body), Body, [Secret], Now.AddSeconds(secondsLater)).Should().Be(WebhookRefusal.None);

    [Theory]
    [InlineData(301)]
    [InlineData(86_400)]
    [InlineData(-301)]
    public void An_old_or_future_one_is_refused(int secondsLater) =>
        WebhookSignature.Check(WebhookSignature.Sign([Secret], Now, Body), Body, [Secret], Now.AddSeconds(secondsLater)).Should().Be(WebhookRefusal.TooOld);

    [Fact]
    public void Any_altered_byte_of_the_body_is_refused()
    {
        var header = WebhookSignature.Sign([Secret], Now, Body);
        for (var i = 0; i < Body.Length; i++)
        {
            var altered = Body.ToArray();
            altered[i] ^= 1;
            WebhookSignature.Check(header, altered, [Secret], Now).Should().Be(WebhookRefusal.SignatureWrong);
        }

        WebhookSignature.Check(header, Body.Append((byte)' ').ToArray(), [Secret], Now).Should().Be(WebhookRefusal.SignatureWrong);
        WebhookSignature.Check(header, ReadOnlyMemory<byte>.Empty, [Secret], Now).Should().Be(WebhookRefusal.SignatureWrong);
    }

    [Fact]
    public void Any_altered_character_of_the_header_is_refused()
    {
        var header = WebhookSignature.Sign([Secret], Now, Body);
        for (var i = 0; i < header.Length; i++)
        {
            foreach (var c in "0123456789abcdefAF=,.tv \n")
            {
                if (c != header[i])
                {
                    var altered = header[..i] + c + header[(i + 1)..];
                    WebhookSignature.Check(altered, Body, [Secret], Now).Should().NotBe(WebhookRefusal.None, altered);
                }
            }
        }
    }

    [Fact]
    public void A_time_cannot_be_renewed_without_the_secret()
    {
        var old = WebhookSignature.Sign([Secret], Now.AddHours(-1), Body);
        var mac = old[old.IndexOf(",v1=", StringComparison.Ordinal)..];

        WebhookSignature.Check($"t={Now.ToUnixTimeSeconds()}{mac}", Body, [Secret], Now).Should().Be(WebhookRefusal.SignatureWrong);
        WebhookSignature.Check($"{old},t={Now.ToUnixTimeSeconds()}", Body, [Secret], Now).Should().Be(WebhookRefusal.SignatureWrong);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_missing_header_is_told_apart(string? header) =>
        WebhookSignature.Check(header, Body, [Secret], Now).Should().Be(WebhookRefusal.SignatureMissing);

    [Theory]
    [InlineData("t=")]
    [InlineData("garbage")]
    [InlineData("t=1772371025")]
    [InlineData("v1=00")]
    [InlineData("t=-1,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=99999999999999999999,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1772371025,v0=0000000000000000000000000000000000000000000000000000000000000000")]
    public void Nonsense_is_refused_quietly(string header) =>
        WebhookSignature.Check(header, Body, [Secret], Now).Should().Be(WebhookRefusal.SignatureWrong);

    [Fact]
    public void Two_secrets_may_rotate_on_either_side()
    {
        var old = WebhookSignature.Sign([Secret], Now, Body);
        var both = WebhookSignature.Sign([Other, Secret], Now, Body);

        WebhookSignature.Check(old, Body, [Other, Secret], Now).Should().Be(WebhookRefusal.None);
        WebhookSignature.Check(both, Body, [Secret], Now).Should().Be(WebhookRefusal.None);
        WebhookSignature.Check(both, Body, [Other], Now).Should().Be(WebhookRefusal.None);
        WebhookSignature.Check(old, Body, [Other], Now).Should().Be(WebhookRefusal.SignatureWrong);
        WebhookSignature.Check(old, Body, [], Now).Should().Be(WebhookRefusal.SignatureWrong);
    }

    [Fact]
    public void The_simulators_webhooks_outlive_the_rotation_of_the_master_key()
    {
        var (first, second) = (Master("k1"), Master("k2"));
        var body = Encoding.UTF8.GetBytes("""
            {"id":"evt_1","sequence":1,"kind":"succeeded","providerId":"sim_1","orderReference":"ord_1","amount":{"amount":1,"currency":"EUR"},
             "refunded":{"amount":0,"currency":"EUR"},"decline":null,"at":"2026-03-01T13:17:05Z"}
            """);
        var headers = new HeaderDictionary { [PaymentSimulator.SignatureHeader] = Simulator(first).SignWebhook(body) };

        Simulator(second, first).ParseWebhook(headers, body).Event!.Kind.Should().Be(PaymentEventKind.Succeeded);
        Simulator(second).ParseWebhook(headers, body).Should().Be(new PaymentWebhook(null, WebhookRefusal.SignatureWrong));
        Simulator(first).ParseWebhook(new HeaderDictionary(), body).Refusal.Should().Be(WebhookRefusal.SignatureMissing);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"id":null}""")]
    public void A_genuine_webhook_that_is_no_event_is_malformed(string text)
    {
        var simulator = Simulator(Master("k1"));
        var body = Encoding.UTF8.GetBytes(text);
        var headers = new HeaderDictionary { [PaymentSimulator.SignatureHeader] = simulator.SignWebhook(body) };

        simulator.ParseWebhook(headers, body).Should().Be(new PaymentWebhook(null, WebhookRefusal.Malformed));
    }

    private static string Master(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    private static PaymentSimulator Simulator(params string[] masters)
    {
        var keyring = new Keyring(Options.Create(new KeyringOptions { MasterKeys = masters }));
        var options = Options.Create(new PaymentOptions());
        return new PaymentSimulator(new SimulatorStore(options), new CardTokens(keyring, TimeProvider.System), keyring, TimeProvider.System, options);
    }
}
