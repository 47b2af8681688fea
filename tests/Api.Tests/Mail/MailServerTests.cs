using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Smtp;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

/// <summary>What is sent to a mail server, byte by byte, and what a compromised server or a man in the middle can send.</summary>
public sealed class MailServerTests
{
    [Fact]
    public async Task What_is_sent_before_the_encryption_counts_for_nothing_after_it()
    {
        using var certificate = Certificate();
        var heard = new StringBuilder();
        using var listener = Listen(out var port);
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var plain = client.GetStream();
            await SayAsync(plain, "220 mail\r\n");
            await HearAsync(plain, heard);
            await SayAsync(plain, "250-mail\r\n250 STARTTLS\r\n");
            await HearAsync(plain, heard);
            // Together with the consent to STARTTLS, a response to the EHLO that is yet to come, which invites the client to sign in.
            await SayAsync(plain, "220 go\r\n250-mail\r\n250 AUTH PLAIN LOGIN\r\n");
            await using var tls = new SslStream(plain);
            await tls.AuthenticateAsServerAsync(certificate);
            await HearAsync(tls, heard);
            await SayAsync(tls, "250 mail\r\n");
            await HearAsync(tls, heard);
        });

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(port, SmtpSecurity.StartTls, "anna", pin: Convert.ToHexString(SHA256.HashData(certificate.RawData))).SendAsync(Mail()));

        failure.IsTransient.Should().BeFalse();
        await Quietly(serving);
        heard.ToString().Should().NotContain("AUTH").And.NotContain("MAIL FROM");
    }

    [Theory]
    [InlineData("220-and so on\r\n")]
    [InlineData("220-mail")]
    [InlineData("220 mail\r\n250-and so on\r\n")]
    public async Task A_reply_without_an_end_ends_the_conversation(string reply)
    {
        using var listener = Listen(out var port);
        var sent = 0L;
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var first = reply.IndexOf("\r\n250", StringComparison.Ordinal);
            await SayAsync(stream, first < 0 ? "" : reply[..(first + 2)]);
            var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(first < 0 ? reply : reply[(first + 2)..], 500)));
            while (sent < 1L << 30)
            {
                await stream.WriteAsync(piece);
                sent += piece.Length;
            }
        });

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(port).SendAsync(Mail()));

        failure.IsTransient.Should().BeTrue();
        await Quietly(serving);
        // Includes what was read and what was in the socket buffers.
        sent.Should().BeLessThan(64 << 20);
    }

    [Fact]
    public async Task A_password_is_tried_once_and_not_with_each_mechanism()
    {
        var heard = new StringBuilder();
        using var listener = Listen(out var port);
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await SayAsync(stream, "220 mail\r\n");
            await HearAsync(stream, heard);
            await SayAsync(stream, "250-mail\r\n250 AUTH CRAM-MD5 LOGIN PLAIN\r\n");
            while (await HearAsync(stream, heard))
            {
                await SayAsync(stream, "535 5.7.8 No\r\n");
            }
        });

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(port, user: "anna").SendAsync(Mail()));

        failure.IsTransient.Should().BeFalse();
        failure.Message.Should().Contain("535");
        await Quietly(serving);
        heard.ToString().Split("AUTH").Should().HaveCount(2);
    }

    [Theory]
    [InlineData("454 4.7.0 Not now", true)]
    [InlineData("535 5.7.8 No", false)]
    public async Task A_sign_in_that_fails_for_now_is_tried_again_and_one_that_is_wrong_is_not(string answer, bool transient)
    {
        using var listener = Listen(out var port);
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await SayAsync(stream, "220 mail\r\n");
            await HearAsync(stream, new StringBuilder());
            await SayAsync(stream, "250-mail\r\n250 AUTH PLAIN\r\n");
            await HearAsync(stream, new StringBuilder());
            await SayAsync(stream, answer + "\r\n");
            await HearAsync(stream, new StringBuilder());
        });

        var failure = await Assert.ThrowsAsync<MailException>(() => Sender(port, user: "anna").SendAsync(Mail()));

        failure.IsTransient.Should().Be(transient);
        await Quietly(serving);
    }

    [Fact]
    public async Task All_that_a_server_is_sent_of_an_international_address_is_ASCII()
    {
        var heard = new StringBuilder();
        using var listener = Listen(out var port);
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            await SayAsync(stream, "220 mail\r\n");
            await HearAsync(stream, heard);
            // It offers UTF-8, to see whether it is used.
            await SayAsync(stream, "250-mail\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
            foreach (var answer in new[] { "250 OK", "250 OK", "354 Go on" })
            {
                await HearAsync(stream, heard);
                await SayAsync(stream, answer + "\r\n");
            }

            while (!heard.ToString().EndsWith("\r\n.\r\n", StringComparison.Ordinal))
            {
                await HearAsync(stream, heard);
            }

            await SayAsync(stream, "250 OK\r\n");
            await HearAsync(stream, heard);
            await SayAsync(stream, "221 Bye\r\n");
        });

        await Sender(port).SendAsync(Mail() with { To = new MailParty("clara@MÜLLER.example", "Clära"), Text = "grüß Gott" });

        await Quietly(serving);
        heard.ToString().Should().StartWith("EHLO localhost\r\nMAIL FROM:<shop@proofsheet.example>").And.Contain("RCPT TO:<clara@xn--mller-kva.example>\r\n").And.NotContain("SMTPUTF8");
        heard.ToString().Should().Contain("gr=C3=BC=C3=9F");
        heard.ToString().Should().MatchRegex("^[\\x00-\\x7e]*$");
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<bool> HearAsync(Stream stream, StringBuilder heard)
    {
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer);
        heard.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return read > 0;
    }

    // The client closes the connection in the middle, as these tests expect.
    private static async Task Quietly(Task serving)
    {
        try
        {
            await serving.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private static MailMessage Mail() => new() { To = new MailParty("client@example.com"), Subject = "Your photographs", Html = "<p>ready</p>", Text = "ready" };

    private static SmtpMail Sender(int port, SmtpSecurity security = SmtpSecurity.None, string? user = null, string? pin = null) => new(
        Options.Create(new MailOptions
        {
            Provider = "Smtp",
            From = "shop@proofsheet.example",
            Smtp = new SmtpOptions
            {
                Host = "127.0.0.1", Port = port, Security = security, User = user, Password = user is null ? null : "right", CertificateSha256 = pin, Timeout = TimeSpan.FromSeconds(15),
            },
        }),
        TimeProvider.System);
}
