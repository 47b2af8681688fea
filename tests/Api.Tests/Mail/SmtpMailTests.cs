using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Smtp;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

public sealed class SmtpMailTests
{
    private const string Password = "right pässword";

    [Theory]
    [InlineData("open")]
    [InlineData("closed")]
    [InlineData("login")]
    public async Task A_mail_arrives_whole_and_authenticated(string mode)
    {
        await using var sink = await SmtpSink.StartAsync(mode);

        await Sender(sink, user: "anna", password: Password).SendAsync(Mail() with
        {
            FromName = "Atelier Änne",
            ReplyTo = new MailParty("anna@studio.example", "Änne \"the lens\" <x>"),
            MessageId = "ord-1.confirmed",
        });

        var got = await sink.ReceiveAsync();
        got.User.Should().Be("anna");
        got.From.Should().Be("shop@proofsheet.example");
        got.To.Should().Equal("client@example.com");
        got.Header("Message-ID").Should().Be("<ord-1.confirmed@proofsheet.example>");
        got.Header("To").Should().Be("client@example.com");
        EncodedWords.Decode(got.Header("From")).Should().Be("Atelier Änne <shop@proofsheet.example>");
        // Inside an encoded word, quotes and brackets are not syntax.
        EncodedWords.Decode(got.Header("Reply-To")).Should().Be("Änne \"the lens\" <x> <anna@studio.example>");
        got.Header("Reply-To").Should().NotContain("<x>");
        got.Header("Auto-Submitted").Should().Be("auto-generated");
        got.Header("MIME-Version").Should().Be("1.0");
        DateTimeOffset.ParseExact(got.Header("Date"), "ddd, dd MMM yyyy HH:mm:ss zzz", System.Globalization.CultureInfo.InvariantCulture).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        got.Header("Subject").Should().Be("Your photographs");
        got.Raw.Should().Contain("text/plain").And.Contain("text/html");
    }

    [Fact]
    public async Task Difficult_text_comes_out_as_it_went_in()
    {
        await using var sink = await SmtpSink.StartAsync("open");
        var text = ".\r\n..dots\n.QUIT\r\n" + new string('x', 300) + " \ntrailing \nGrüße = 100% 📷\n" + new string('é', 200) + "." + new string('.', 200);

        await Sender(sink).SendAsync(Mail() with { Text = text, Subject = "Grüße aus dem Süden, 📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷 =?utf-8?B?eA==?=" });

        var got = await sink.ReceiveAsync();
        got.Raw.Split("\r\n").Should().OnlyContain(line => line.Length <= 78);
        PlainPart(got.Raw).Should().Be(text.ReplaceLineEndings("\r\n"));
        EncodedWords.Decode(got.Header("Subject")).Should().Be("Grüße aus dem Süden, 📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷📷 =?utf-8?B?eA==?=");
    }

    [Theory]
    [InlineData("open", "a server that would take the mail without")]
    [InlineData("closed", "a server that insists")]
    [InlineData("login", "a server with LOGIN only")]
    public async Task A_wrong_password_ends_it_and_nothing_is_sent(string mode, string because)
    {
        await using var sink = await SmtpSink.StartAsync(mode);

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(sink, user: "anna", password: "wrong").SendAsync(Mail()));

        failure.IsTransient.Should().BeFalse();
        failure.ToString().Should().Contain("535").And.NotContain(Base64("\0anna\0wrong"));
        (await sink.StopAsync()).Should().Be(0, because);
    }

    [Fact]
    public async Task A_server_that_cannot_authenticate_gets_nothing_when_a_user_is_set()
    {
        await using var sink = await SmtpSink.StartAsync("none");

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(sink, user: "anna", password: Password).SendAsync(Mail()));

        failure.IsTransient.Should().BeFalse();
        (await sink.StopAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_nothing_when_encryption_is_set()
    {
        await using var sink = await SmtpSink.StartAsync("open");

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(sink, SmtpSecurity.StartTls).SendAsync(Mail()));

        failure.IsTransient.Should().BeFalse();
        failure.Message.Should().Contain("STARTTLS");
        (await sink.StopAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task Encryption_works_with_a_pinned_certificate_and_refuses_one_nobody_vouches_for(string mode)
    {
        var security = mode == "tls" ? SmtpSecurity.Tls : SmtpSecurity.StartTls;
        await using var sink = await SmtpSink.StartAsync(mode);

        var stranger = await Assert.ThrowsAsync<MailException>(() => Sender(sink, security).SendAsync(Mail()));
        var otherPin = await Assert.ThrowsAsync<MailException>(() => Sender(sink, security, pin: new string('0', 64)).SendAsync(Mail()));
        await Sender(sink, security, "anna", Password, sink.Fingerprint).SendAsync(Mail());

        stranger.IsTransient.Should().BeFalse();
        otherPin.IsTransient.Should().BeFalse();
        var got = await sink.ReceiveAsync();
        got.Secure.Should().BeTrue();
        got.User.Should().Be("anna");
        (await sink.StopAsync()).Should().Be(0);
    }

    [Theory]
    [InlineData("busy@example.com", true)]
    [InlineData("gone@example.com", false)]
    public async Task A_servers_not_now_and_not_so_are_told_apart(string to, bool transient)
    {
        await using var sink = await SmtpSink.StartAsync("open");

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(sink).SendAsync(Mail() with { To = new MailParty(to) }));

        failure.IsTransient.Should().Be(transient);
    }

    [Fact]
    public async Task A_server_that_is_down_is_transient()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(port).SendAsync(Mail()));

        failure.IsTransient.Should().BeTrue();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("SSH-2.0-OpenSSH\r\n", true)]
    [InlineData("421 Going down\r\n", true)]
    [InlineData("554 Not you\r\n", false)]
    [InlineData("220", true)]
    public async Task A_server_that_breaks_off_or_speaks_otherwise_ends_in_a_typed_failure(string greeting, bool transient)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting));
        });

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(((IPEndPoint)listener.LocalEndpoint).Port).SendAsync(Mail()));

        failure.IsTransient.Should().Be(transient);
        await serving;
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_in_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(((IPEndPoint)listener.LocalEndpoint).Port, timeout: TimeSpan.FromMilliseconds(300)).SendAsync(Mail()));

        failure.IsTransient.Should().BeTrue();
        failure.Message.Should().Contain("0.3 seconds");
    }

    [Fact]
    public async Task An_international_domain_is_written_to_as_punycode()
    {
        await using var sink = await SmtpSink.StartAsync("open");

        await Sender(sink).SendAsync(Mail() with { To = new MailParty("clara@MÜLLER.example", "Clara"), ReplyTo = new MailParty("anna@bücher.example") });

        var got = await sink.ReceiveAsync();
        // The server shows it decoded; what was sent is in MailServerTests.
        got.To.Should().Equal("clara@müller.example");
        got.Header("To").Should().Be("Clara <clara@xn--mller-kva.example>");
        got.Header("Reply-To").Should().Be("anna@xn--bcher-kva.example");
        got.Raw.Should().NotContain("8bit");
    }

    [Theory]
    [InlineData("Clara, the \"second\" <eve@example.com>")]
    [InlineData("a (comment) \\")]
    [InlineData("=?utf-8?B?eA==?=")]
    public async Task A_name_or_a_subject_that_looks_like_syntax_is_shown_as_it_is(string text)
    {
        await using var sink = await SmtpSink.StartAsync("open");

        await Sender(sink).SendAsync(Mail() with { To = new MailParty("client@example.com", text), Subject = text });

        var got = await sink.ReceiveAsync();
        got.To.Should().Equal("client@example.com");
        EncodedWords.Decode(got.Header("Subject")).Should().Be(text);
        EncodedWords.DisplayName(got.Header("To")).Should().Be(text);
    }

    private static MailMessage Mail() => new()
    {
        To = new MailParty("client@example.com"),
        Subject = "Your photographs",
        Html = "<p>They are ready.</p>",
        Text = "They are ready.",
    };

    private static SmtpMail Sender(SmtpSink sink, SmtpSecurity security = SmtpSecurity.None, string? user = null, string? password = null, string? pin = null) =>
        Sender(sink.Port, security, user, password, pin);

    private static SmtpMail Sender(
        int port, SmtpSecurity security = SmtpSecurity.None, string? user = null, string? password = null, string? pin = null, TimeSpan? timeout = null)
    {
        var options = new MailOptions
        {
            Provider = "Smtp",
            From = "shop@proofsheet.example",
            Smtp = new SmtpOptions
            {
                Host = "127.0.0.1", Port = port, Security = security, User = user, Password = password, CertificateSha256 = pin,
                Timeout = timeout ?? TimeSpan.FromSeconds(15),
            },
        };
        options.Errors().Should().BeEmpty();
        return new SmtpMail(Options.Create(options), TimeProvider.System);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // Decoded by RFC 2045, independently of the code that wrote it.
    private static string PlainPart(string raw)
    {
        var part = raw.Split("Content-Type: text/plain; charset=utf-8")[1];
        var body = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        body = body[..body.IndexOf("\r\n--part-", StringComparison.Ordinal)].Replace("=\r\n", "");
        var bytes = new List<byte>();
        for (var i = 0; i < body.Length; i++)
        {
            bytes.Add(body[i] == '=' ? Convert.ToByte(body.Substring(i + 1, 2), 16) : (byte)body[i]);
            i += body[i] == '=' ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
