using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Mail;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

public sealed class FolderMailTests : IDisposable
{
    private static readonly MailMessage Mail = new()
    {
        To = new MailParty("client@example.com", "Clara"), Subject = "Your photographs", Html = "<p>ready</p>", Text = "ready",
    };

    private readonly string _folder = TestFolder.New("mail");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_mail_is_one_file_and_the_same_mail_the_same_file()
    {
        var sender = Sender();

        await sender.SendAsync(Mail);
        await sender.SendAsync(Mail);
        await sender.SendAsync(Mail with { MessageId = "ord-1" });
        await sender.SendAsync(Mail with { MessageId = "ord-1" });

        Directory.GetFiles(_folder).Should().HaveCount(3).And.OnlyContain(f => f.EndsWith(".eml"));
        (await File.ReadAllTextAsync(Path.Combine(_folder, "ord-1.eml"))).Should()
            .Contain("To: Clara <client@example.com>\r\n").And.Contain("From: Proofsheet <no-reply@proofsheet.localhost>\r\n")
            .And.Contain("Message-ID: <ord-1@proofsheet.localhost>\r\n");
    }

    // By name, because a test report cannot contain what is in some of these.
    private static readonly Dictionary<string, MailMessage> Injections = new()
    {
        ["subject"] = Mail with { Subject = "Hello\r\nBcc: all@example.com" },
        ["subject with a line feed"] = Mail with { Subject = "Hello\nBcc: all@example.com" },
        ["subject with NUL"] = Mail with { Subject = "Hello\0" },
        ["name"] = Mail with { To = new MailParty("client@example.com", "Clara\r\nBcc: all@example.com") },
        ["studio's name"] = Mail with { FromName = "Studio\rX: y" },
        ["address"] = Mail with { To = new MailParty("client@example.com\r\nRCPT TO:<all@example.com>") },
        ["address in brackets"] = Mail with { To = new MailParty("client@example.com> <all@example.com") },
        ["two addresses"] = Mail with { To = new MailParty("a@example.com,b@example.com") },
        ["reply address"] = Mail with { ReplyTo = new MailParty("x@example.com\r\nX: y") },
        ["sender"] = Mail with { From = new MailParty("x y@example.com") },
        ["message id"] = Mail with { MessageId = "../../etc/cron" },
        ["message id with a break"] = Mail with { MessageId = "a\r\nX: y" },
        ["message id that hides"] = Mail with { MessageId = ".x" },
        ["endless subject"] = Mail with { Subject = new string('x', 501) },
    };

    public static TheoryData<string> InjectionNames => [.. Injections.Keys];

    [Theory]
    [MemberData(nameof(InjectionNames))]
    public async Task What_could_end_a_header_early_or_leave_the_folder_is_refused(string what)
    {
        var failure = await Assert.ThrowsAsync<MailException>(() => Sender().SendAsync(Injections[what]));

        failure.IsTransient.Should().BeFalse();
        Directory.EnumerateFileSystemEntries(_folder).Should().BeEmpty(what);
    }

    [Theory]
    [InlineData("Mail:Provider", "Pigeon", "Mail:Provider is 'Pigeon'")]
    [InlineData("Mail:From", "nobody", "Mail:From is not")]
    [InlineData("Mail:Folder", " ", "Mail:Folder is empty")]
    [InlineData("Mail:Provider", "Smtp", "Mail:Smtp:Host is empty")]
    public void A_wrong_setting_is_named_at_the_start(string name, string value, string message) => Refusal((name, value)).Should().Contain(message);

    [Fact]
    public void A_password_never_goes_over_the_net_in_the_clear_and_never_without_its_user()
    {
        (string, string)[] smtp = [("Mail:Provider", "Smtp"), ("Mail:Smtp:Host", "mail.example.com"), ("Mail:Smtp:User", "anna"), ("Mail:Smtp:Password", "p")];

        Refusal(smtp).Should().BeNull();
        Refusal([.. smtp, ("Mail:Smtp:Security", "None")]).Should().Contain("in the clear");
        Refusal(smtp[..3]).Should().Contain("belong together");
    }

    private static string? Refusal(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value));
        builder.Services.AddMail(builder.Configuration);
        using var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }

    private FolderMail Sender() => new(Options.Create(new MailOptions { Folder = _folder }), TimeProvider.System);
}
