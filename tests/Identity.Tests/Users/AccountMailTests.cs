using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Mail.Templates;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed class AccountMailTests(IdentityHost identity)
{
    private static readonly MailBrand Brand = new() { Name = "Proofsheet" };

    [Fact]
    public async Task The_confirmation_says_whose_it_is_and_leads_to_the_page()
    {
        var mail = await RenderAsync<ConfirmEmailMail>(("Url", "https://id.example/confirm?token=abc"));

        mail.Text.Should().Contain("Hello Anna <b>").And.Contain("https://id.example/confirm?token=abc").And.Contain("works for a day, once");
        mail.Html.Should().Contain("Anna &lt;b&gt;").And.NotContain("<b>").And.Contain("href=\"https://id.example/confirm?token=abc\"");
    }

    [Fact]
    public async Task The_note_to_an_accounts_owner_carries_no_secret()
    {
        var mail = await RenderAsync<AddressKnownMail>(("Url", "https://id.example/sign-in"));

        mail.Text.Should().Contain("nothing was changed").And.Contain("https://id.example/sign-in").And.NotContain("token");
    }

    [Fact]
    public async Task The_reset_says_what_choosing_a_password_does()
    {
        var mail = await RenderAsync<ResetPasswordMail>(("Url", "https://id.example/reset?token=abc"));

        mail.Text.Should().Contain("ends every session").And.Contain("https://id.example/reset?token=abc").And.Contain("your password stays as it is");
    }

    [Fact]
    public async Task The_mail_to_a_new_address_says_what_confirming_does()
    {
        var mail = await RenderAsync<ChangeEmailMail>(("Url", "https://id.example/confirm-email?token=abc"));

        mail.Text.Should().Contain("you sign in with it").And.Contain("https://id.example/confirm-email?token=abc");
    }

    [Fact]
    public async Task Every_notice_has_its_words_and_says_what_to_do_about_it()
    {
        foreach (var notice in Enum.GetValues<Notice>())
        {
            var (what, detail) = NoticeTexts.Of(notice);
            var mail = await RenderAsync<SecurityNoticeMail>(("What", what), ("Detail", detail), ("When", "20 November 2026 at 10:00 UTC"), ("Url", "https://id.example/account"));

            mail.Text.Should().Contain(what).And.Contain(detail).And.Contain("20 November 2026").And.Contain("Was it not you?").And.Contain("https://id.example/account");
        }
    }

    [Fact]
    public async Task A_mail_of_the_outbox_keeps_its_message_id_when_it_is_sent_again()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        await using (var database = host.Database())
        {
            // Like a process that died after sending, before it could record that.
            foreach (var message in database.Db.Set<Proofsheet.Shared.Outbox.OutboxMessage>().Where(m => m.Event == "mail.wanted").ToList())
            {
                (message.DoneAt, message.LeaseOwner, message.LeaseUntil) = (null, null, null);
            }

            await database.Db.SaveChangesAsync();
        }

        await IdentityHost.EventuallyAsync(
            () =>
            {
                using var database = host.Database().Db;
                return Task.FromResult(!database.Set<Proofsheet.Shared.Outbox.OutboxMessage>().Any(m => m.DoneAt == null));
            },
            "all is sent again");
        host.MailsTo(person.Email).Should().HaveCount(1, "the folder keeps one file for each Message-ID");
    }

    private async Task<RenderedMail> RenderAsync<TMail>(params (string Name, object Value)[] parameters)
        where TMail : Microsoft.AspNetCore.Components.IComponent
    {
        await using var scope = identity.Services.CreateAsyncScope();
        var all = parameters.ToDictionary(p => p.Name, p => (object?)p.Value);
        (all["Brand"], all["Name"]) = (Brand, "Anna <b>");
        return await scope.ServiceProvider.GetRequiredService<MailRenderer>().RenderAsync<TMail>(all);
    }
}
