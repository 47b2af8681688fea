using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Api.Mail.Smtp;

/// <summary>One connection to a mail server: greeting, TLS, authentication, one mail.</summary>
/// <remarks>
/// Spoken here rather than by System.Net.Mail.SmtpClient, which goes on without authentication when the server refuses the
/// password, with no way to notice it. Whoever set a password wants it used: every step here is answered as expected or ends it.
/// </remarks>
internal sealed class SmtpConversation : IAsyncDisposable
{
    private const int MaxReplyBytes = 64 * 1024;
    private readonly SmtpOptions _options;
    private readonly TcpClient _client;
    private Stream _stream;
    private readonly byte[] _buffer = new byte[4096];
    private int _read;
    private int _filled;

    private SmtpConversation(SmtpOptions options, TcpClient client)
    {
        _options = options;
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Connects, and goes as far as being allowed to send.</summary>
    public static async Task<SmtpConversation> BeginAsync(SmtpOptions options, CancellationToken cancellation)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(options.Host!, options.Port, cancellation);
            var conversation = new SmtpConversation(options, client);
            await conversation.GreetAsync(cancellation);
            return conversation;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task SendAsync(MimeMessage mail, CancellationToken cancellation)
    {
        await CommandAsync($"MAIL FROM:<{mail.From}>", 250, cancellation);
        await CommandAsync($"RCPT TO:<{mail.To}>", 250, cancellation);
        await CommandAsync("DATA", 354, cancellation);
        // The mail is ASCII, ends in a line break, and no line begins with a dot: nothing in it can end the data.
        await _stream.WriteAsync(mail.Bytes, cancellation);
        await CommandAsync(".", 250, cancellation);
    }

    /// <summary>Says goodbye; by now the mail is theirs, so nothing that happens here matters.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        try
        {
            await CommandAsync("QUIT", 221, cancellation);
        }
        catch (Exception e) when (e is IOException or MailException or OperationCanceledException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private async Task GreetAsync(CancellationToken cancellation)
    {
        if (_options.Security == SmtpSecurity.Tls)
        {
            await EncryptAsync(cancellation);
        }

        await ExpectAsync("greeting", 220, cancellation);
        var offers = await HelloAsync(cancellation);
        if (_options.Security == SmtpSecurity.StartTls)
        {
            // Going on in the clear would be just what somebody who strips the offer wants.
            if (!offers.Contains("STARTTLS", StringComparer.OrdinalIgnoreCase))
            {
                throw new MailException("The mail server does not offer STARTTLS.", isTransient: false);
            }

            await CommandAsync("STARTTLS", 220, cancellation);
            if (_read < _filled)
            {
                throw new MailException("The mail server sent something before the encryption began.", isTransient: false);
            }

            await EncryptAsync(cancellation);
            offers = await HelloAsync(cancellation);
        }

        if (_options.User is { Length: > 0 } user)
        {
            await AuthenticateAsync(user, _options.Password ?? "", offers, cancellation);
        }
    }

    private async Task<List<string>> HelloAsync(CancellationToken cancellation)
    {
        var reply = await CommandAsync($"EHLO {_options.HelloName}", 250, cancellation);
        return [.. reply.Skip(1).Select(line => line.Trim())];
    }

    private async Task AuthenticateAsync(string user, string password, List<string> offers, CancellationToken cancellation)
    {
        var ways = offers.Select(o => o.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries))
            .Where(o => o.Length > 0 && o[0].Equals("AUTH", StringComparison.OrdinalIgnoreCase))
            .SelectMany(o => o.Skip(1)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (ways.Contains("PLAIN"))
        {
            await CommandAsync("AUTH PLAIN " + Base64($"\0{user}\0{password}"), 235, cancellation);
        }
        else if (ways.Contains("LOGIN"))
        {
            await CommandAsync("AUTH LOGIN", 334, cancellation);
            await CommandAsync(Base64(user), 334, cancellation);
            await CommandAsync(Base64(password), 235, cancellation);
        }
        else
        {
            throw new MailException("A user is configured, and the mail server offers no way to authenticate that is known here.", isTransient: false);
        }

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    private async Task EncryptAsync(CancellationToken cancellation)
    {
        var pin = _options.CertificateSha256;
        var encrypted = new SslStream(_stream, leaveInnerStreamOpen: false);
        try
        {
            await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = _options.Host,
                RemoteCertificateValidationCallback = pin is null
                    ? null
                    : (_, certificate, _, _) => certificate is not null
                        && Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())).Equals(pin, StringComparison.OrdinalIgnoreCase),
            }, cancellation);
        }
        catch (AuthenticationException e)
        {
            throw new MailException("The mail server's certificate or encryption was not acceptable.", isTransient: false, e);
        }

        _stream = encrypted;
    }

    private async Task<List<string>> CommandAsync(string command, int expected, CancellationToken cancellation)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellation);
        // Only the verb is named in errors: arguments hold passwords and addresses.
        var verb = command.Split(' ')[0];
        return await ExpectAsync(verb.Length <= 8 ? verb : "AUTH", expected, cancellation);
    }

    private async Task<List<string>> ExpectAsync(string step, int expected, CancellationToken cancellation)
    {
        var lines = new List<string>();
        var total = 0;
        while (true)
        {
            var line = await ReadLineAsync(cancellation);
            total += line.Length;
            if (line.Length < 3 || total > MaxReplyBytes || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            {
                throw new MailException($"The mail server's answer to {step} is not SMTP.", isTransient: true);
            }

            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-')
            {
                continue;
            }

            // 4xx is "not now", 5xx is "not so" (RFC 5321, 4.2.1). 251 says that the mail is forwarded, which is fine.
            return code == expected || (expected == 250 && code == 251)
                ? lines
                : throw new MailException($"The mail server answered {step} with {code}: {lines[^1]}", isTransient: code is >= 400 and < 500);
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (true)
        {
            while (_read < _filled)
            {
                var c = (char)_buffer[_read++];
                if (c == '\n')
                {
                    return line.ToString().TrimEnd('\r');
                }

                line.Append(c);
            }

            _filled = await _stream.ReadAsync(_buffer, cancellation);
            _read = 0;
            if (_filled == 0 || line.Length > MaxReplyBytes)
            {
                throw new IOException("The mail server ended the connection.");
            }
        }
    }
}
