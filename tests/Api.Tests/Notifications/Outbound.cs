using System.Collections.Concurrent;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Tests.Notifications;

/// <summary>A mail server that keeps what it takes, and that can be busy or refuse.</summary>
internal sealed class Outbound : IMailSender
{
    public ConcurrentQueue<MailMessage> All { get; } = new();

    /// <summary>How many mails it is too busy to take.</summary>
    public int FailuresToCome { get; set; }

    /// <summary>Refuses everything for good, with this answer.</summary>
    public string? Refusal { get; set; }

    /// <summary>Is too busy to take mails to this address.</summary>
    public string? BusyMailbox { get; set; }

    public Task SendAsync(MailMessage message, CancellationToken cancellation = default)
    {
        if (Refusal is { } refusal)
        {
            throw new MailException(refusal, isTransient: false);
        }

        if (message.To.Address == BusyMailbox)
        {
            throw new MailException("Busy.", isTransient: true);
        }

        if (FailuresToCome > 0)
        {
            FailuresToCome--;
            throw new MailException("Busy.", isTransient: true);
        }

        All.Enqueue(message);
        return Task.CompletedTask;
    }

    public async Task<MailMessage> WaitAsync(string messageId)
    {
        await ApiHost.EventuallyAsync(() => Task.FromResult(Find() is not null), $"the mail {messageId}");
        return Find()!;

        MailMessage? Find() => All.FirstOrDefault(m => m.MessageId!.StartsWith(messageId, StringComparison.Ordinal));
    }
}
