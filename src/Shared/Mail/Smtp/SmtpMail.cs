using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Proofsheet.Shared.Mail.Smtp;

/// <summary>Sends mail over SMTP with MailKit, one connection per mail, and never without the configured encryption and sign-in.</summary>
internal sealed class SmtpMail(IOptions<MailOptions> options, TimeProvider clock) : IMailSender
{
    public async Task SendAsync(MailMessage message, CancellationToken cancellation = default)
    {
        var settings = options.Value;
        var mail = OutgoingMail.Of(message, settings.Platform, clock.GetUtcNow());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Smtp.Timeout);
        try
        {
            await SendAsync(mail, settings.Smtp, limit.Token);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new MailException(
                string.Create(CultureInfo.InvariantCulture, $"The mail server did not answer within {settings.Smtp.Timeout.TotalSeconds} seconds."), isTransient: true, e);
        }
        catch (Exception e) when (Failure(e) is { } failure)
        {
            throw failure;
        }
    }

    private static async Task SendAsync(OutgoingMail mail, SmtpOptions options, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(options.Host!, options.Port, cancellation);
        using var client = new SmtpClient { LocalDomain = options.HelloName, Timeout = (int)options.Timeout.TotalMilliseconds };
        // Off, as in .NET's TLS clients by default: hosts that cannot reach the issuer's revocation list could not send anything.
        client.CheckCertificateRevocation = false;
        // Always set, because MailKit otherwise accepts some certificates of large mail services that fail the platform's validation.
        client.ServerCertificateValidationCallback = (_, certificate, _, errors) => IsAcceptable(certificate, errors, options.CertificateSha256);
        await using var connection = new LimitedStream(new NetworkStream(socket));
        await client.ConnectAsync(connection, options.Host!, options.Port, Security(options.Security), cancellation);
        if (options.User is { Length: > 0 } user)
        {
            await client.AuthenticateAsync(SignIn(client, user, options.Password ?? ""), cancellation);
        }

        // With SMTPUTF8, MailKit would decode punycode, which the next server on the path may reject.
        client.Capabilities &= ~SmtpCapabilities.UTF8;
        await client.SendAsync(OutgoingMail.Format, mail.Message, new MailboxAddress("", mail.From), [new MailboxAddress("", mail.To)], cancellation);
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception e) when (e is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // The server has already accepted the mail.
        }
    }

    private static SecureSocketOptions Security(SmtpSecurity security) => security switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        // Not StartTlsWhenAvailable: an attacker who strips the offer would get the mail unencrypted.
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };

    private static bool IsAcceptable(X509Certificate? certificate, SslPolicyErrors errors, string? pin) => pin is null
        ? errors == SslPolicyErrors.None
        : certificate is not null && Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())).Equals(pin, StringComparison.OrdinalIgnoreCase);

    // One mechanism, chosen here: MailKit would try a wrong password with every mechanism that is offered.
    private static SaslMechanism SignIn(SmtpClient client, string user, string password) =>
        client.AuthenticationMechanisms.Contains("PLAIN") ? new SaslMechanismPlain(Encoding.UTF8, user, password)
        : client.AuthenticationMechanisms.Contains("LOGIN") ? new SaslMechanismLogin(Encoding.UTF8, user, password)
        : throw new MailException("A user is configured, and the mail server offers neither AUTH PLAIN nor AUTH LOGIN.", isTransient: false);

    /// <summary>4xx is temporary, 5xx is permanent (RFC 5321, 4.2.1). Null for exceptions that mean a bug here.</summary>
    private static MailException? Failure(Exception failure) => failure switch
    {
        MailException known => known,
        SmtpCommandException e => Answered($"with {Number((int)e.StatusCode)}: {e.Message}", (int)e.StatusCode, failure),
        // For a failed sign-in, MailKit reports the server's code only in the message.
        AuthenticationException e when int.TryParse(e.Message.AsSpan(0, Math.Min(3, e.Message.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var code) =>
            Answered($"AUTH with {e.Message}", code, failure),
        AuthenticationException => new("The mail server did not accept user and password.", isTransient: false, failure),
        SslHandshakeException { InnerException: IOException or SocketException } => Unreachable(failure),
        SslHandshakeException => new("The mail server's certificate or encryption was not acceptable.", isTransient: false, failure),
        NotSupportedException => new("The mail server does not offer STARTTLS.", isTransient: false, failure),
        ProtocolException => new("The mail server's answer is not SMTP.", isTransient: true, failure),
        SocketException or IOException or TimeoutException => Unreachable(failure),
        _ => null,
    };

    private static MailException Answered(string how, int code, Exception failure) => new($"The mail server answered {how}", isTransient: code is >= 400 and < 500, failure);

    private static string Number(int code) => code.ToString(CultureInfo.InvariantCulture);

    private static MailException Unreachable(Exception failure) => new("The mail server cannot be reached, or ended the connection.", isTransient: true, failure);
}
