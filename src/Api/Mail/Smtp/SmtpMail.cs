using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Mail.Smtp;

/// <summary>Sends by an SMTP server, one connection a mail.</summary>
internal sealed class SmtpMail(IOptions<MailOptions> options, TimeProvider clock) : IMailSender
{
    public async Task SendAsync(MailMessage message, CancellationToken cancellation = default)
    {
        var settings = options.Value;
        var mail = MimeMessage.Of(message, settings.Platform, clock.GetUtcNow());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Smtp.Timeout);
        try
        {
            await using var conversation = await SmtpConversation.BeginAsync(settings.Smtp, limit.Token);
            await conversation.SendAsync(mail, limit.Token);
            await conversation.EndAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new MailException($"The mail server did not answer within {settings.Smtp.Timeout.TotalSeconds} seconds.", isTransient: true, e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new MailException("The mail server cannot be reached, or ended the connection.", isTransient: true, e);
        }
    }
}
