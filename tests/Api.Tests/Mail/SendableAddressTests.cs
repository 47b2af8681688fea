using System.Text;
using FluentAssertions;
using MimeKit;
using Proofsheet.Shared.Mail;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

/// <summary>Whatever a field with [Email] accepts can be sent to: it makes a message in ASCII that MimeKit reads back with exactly this recipient.</summary>
public sealed class SendableAddressTests
{
    private const string Ascii = "abcXYZ019.!#$%&'*+/=?^_`{|}~-";
    private const string Others = "äßéøüйж例え中ا\u0301\u200d\u00ad ＠。．@\"<>()[],;:\\\r\n\t\0\u007f\u0085\u2028\u202e😀";
    private static readonly string[] Domains = ["example.com", "müller.example", "MÜLLER.example", "bücher.例え", "faß.example", "пример.испытание", "a.b-c.example", "localhost", "1.2.3.4", "-a.example", "مثال.example"];

    [Theory]
    [InlineData("client@example.com")]
    [InlineData("o'brien+photos@mail.example.co.uk")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("post@müller.example")]
    [InlineData("post@例え.example")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com")]
    public async Task An_accepted_address_can_be_sent_to(string typed)
    {
        new EmailAttribute().IsValid(typed).Should().BeTrue();

        await ShouldBeSendableAsync(typed);
    }

    [Fact]
    public async Task So_can_every_generated_one_that_is_accepted()
    {
        var random = new Random(11);
        var accepted = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var local = Text(random, random.Next(8) == 0 ? random.Next(60, 70) : random.Next(0, 12), strange: random.Next(4) == 0);
            var domain = random.Next(3) == 0 ? $"{Text(random, random.Next(1, 64), strange: random.Next(2) == 0)}.example" : Domains[random.Next(Domains.Length)];
            var typed = $"{local}@{domain}";
            if (new EmailAttribute().IsValid(typed))
            {
                accepted++;
                await ShouldBeSendableAsync(typed);
            }
        }

        accepted.Should().BeGreaterThan(1_000, "otherwise this shows nothing");
    }

    private static string Text(Random random, int length, bool strange)
    {
        var letters = strange ? Ascii + Others : Ascii;
        return string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));
    }

    private static async Task ShouldBeSendableAsync(string typed)
    {
        var stored = EmailAddress.Read(typed)!;
        var mail = OutgoingMail.Of(new MailMessage { To = new MailParty(typed, "Änne, \"the lens\""), ReplyTo = new MailParty(stored), Subject = "Grüße", Html = "<p>ü</p>", Text = "ü" }, new MailParty("shop@proofsheet.example"), DateTimeOffset.UnixEpoch);

        mail.To.Should().Be(stored);
        Encoding.ASCII.GetByteCount(stored).Should().Be(stored.Length).And.BeLessThanOrEqualTo(254);
        stored.Should().NotContainAny("\r", "\n", " ", "<", ">");
        stored.LastIndexOf('@').Should().BeInRange(1, 64);
        using var bytes = new MemoryStream();
        await mail.Message.WriteToAsync(OutgoingMail.Format, bytes, TestContext.Current.CancellationToken);
        bytes.ToArray().Any(b => b > 127).Should().BeFalse("SMTP without extensions takes ASCII");
        bytes.Position = 0;
        var read = await MimeMessage.LoadAsync(bytes, TestContext.Current.CancellationToken);
        read.To.Mailboxes.Select(m => m.GetAddress(idnEncode: true)).Should().Equal(stored);
    }
}
