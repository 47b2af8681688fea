using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Keeps the mails of a host instead of sending them.</summary>
internal sealed partial class RecordedMail : IMailSender
{
    private readonly ConcurrentQueue<MailMessage> _all = new();

    public IEnumerable<MailMessage> To(string address) => _all.Where(m => m.To.Address == address);

    public void Use(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton<IMailSender>(this));

    public Task SendAsync(MailMessage message, CancellationToken cancellation = default)
    {
        _all.Enqueue(message);
        return Task.CompletedTask;
    }

    /// <summary>The newest mail to the address, once there are so many.</summary>
    public async Task<MailMessage> WaitAsync(string address, int count = 1)
    {
        await ApiHost.EventuallyAsync(() => Task.FromResult(To(address).Count() >= count), $"mail {count} to {address}");
        return To(address).Last();
    }

    /// <summary>The six digits of the newest mail to the address.</summary>
    public async Task<string> CodeAsync(string address, int count = 1) => Code().Match((await WaitAsync(address, count)).Text!).Value;

    [GeneratedRegex(@"\b[0-9]{6}\b")]
    private static partial Regex Code();
}
