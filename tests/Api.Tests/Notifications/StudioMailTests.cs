using System.Net;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Notifications;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Notifications;

/// <summary>What the studio is told by mail, and when galleries expire.</summary>
[Trait("Database", "Provider")]
public sealed class StudioMailTests : IAsyncLifetime
{
    private readonly Outbound _mails = new();
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(
        new() { ["Api:PublicUrl"] = "https://api.example", ["Storefront:BaseUrl"] = "https://proofs.example" },
        services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(_mails)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_order_is_told_to_the_studio_with_files_pictures_and_a_link()
    {
        var shop = await OpenAsync();
        var photo = await shop.PhotoAsync("<b>kiss</b>.jpg");
        await StoreThumbnailAsync(shop, photo);
        var order = await shop.OrderAsync(shop.Print, photo);
        (await shop.PayAsync(order)).ShouldBe(200);

        var mail = await _mails.WaitAsync($"order-to-studio.{order}");

        mail.To.Should().Be(new MailParty("anna@studio.example"));
        mail.Subject.Should().Be("Clara Müller has ordered for 21.90 EUR in Clara & Jonas");
        mail.Html.Should().NotContain("<b>kiss</b>");
        mail.Text.Should().Contain("<b>kiss</b>.jpg").And.Contain("1 × Print (matt)").And.Contain("clara@example.com").And.Contain("Hauptstr. 1").And.Contain("by Post").And.Contain("Thank you")
            .And.Contain($"https://proofs.example/g/{shop.Gallery.Slug}");
        await ShouldShowAsync(mail);
    }

    [Fact]
    public async Task Submitted_picks_are_told_with_files_notes_and_pictures()
    {
        var shop = await OpenAsync();
        var visitor = await shop.Gallery.VisitorAsync("Clara");
        var selection = (await visitor.Api.PostAsync($"{shop.Gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        foreach (var name in new[] { "one.jpg", "two.jpg" })
        {
            var photo = await shop.PhotoAsync(name);
            await StoreThumbnailAsync(shop, photo);
            (await visitor.Api.PutAsync($"/v1/selections/{selection}/picks/{photo}", new { note = $"Note on {name}" })).ShouldBe(200);
        }

        (await visitor.Api.PostAsync($"/v1/selections/{selection}/submit")).ShouldBe(200);

        var mail = await _mails.WaitAsync($"selection-submitted.{selection}");
        mail.Text.Should().Contain("one.jpg").And.Contain("two.jpg").And.Contain("Note on two.jpg");
        await ShouldShowAsync(mail);
    }

    [Fact]
    public async Task Without_a_contact_address_the_first_owner_is_told()
    {
        var shop = await Shop.OpenAsync(_host);
        await shop.Studio.MemberAsync("owner");
        var email = await shop.InDatabaseAsync(db => db.Set<Member>().Select(m => m.Email).SingleAsync());
        var order = await shop.OrderAsync();
        (await shop.PayAsync(order)).ShouldBe(200);

        email.Should().NotBeNullOrEmpty();
        (await _mails.WaitAsync($"order-to-studio.{order}")).To.Address.Should().Be(email);
    }

    [Fact]
    public async Task Before_a_gallery_expires_the_studio_and_those_who_have_begun_to_choose_are_told_once()
    {
        var shop = await OpenAsync();
        await shop.InDatabaseAsync(db => db.SetAsync<Studio>(_ => true, nameof(Studio.TimeZone), "Pacific/Auckland"));
        // Noon in UTC is the next day in Auckland.
        var expiry = new DateTimeOffset(_host.Clock.GetUtcNow().Date.AddDays(20).AddHours(13), TimeSpan.Zero);
        var photo = await shop.PhotoAsync();
        await PickingAsync(shop, "Clara", "Clara@example.com", photo);
        await PickingAsync(shop, "Clara again", "clara@EXAMPLE.com", photo);
        await shop.Gallery.VisitorAsync("Looks only", "looks@example.com");
        await PickingAsync(shop, "Says nothing", null, photo);
        await ExpiresAsync(shop, expiry);

        _host.Clock.Advance(TimeSpan.FromDays(12));
        await _host.QuietAsync(shop.Studio.Id);
        Expiry().Should().BeEmpty("eight days are left");
        _host.Clock.Advance(TimeSpan.FromDays(1.5));
        var mail = await _mails.WaitAsync("gallery-expiry-to-studio.");
        await _host.QuietAsync(shop.Studio.Id);

        var day = expiry.AddDays(1).ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture);
        mail.To.Address.Should().Be("anna@studio.example");
        mail.Subject.Should().Be($"Clara & Jonas expires on {day}");
        mail.Text.Should().Contain("2 photos, not submitted yet").And.NotContain("looks");
        Expiry().Where(m => m.MessageId!.StartsWith("gallery-expiry.", StringComparison.Ordinal)).Should().ContainSingle().Which.To.Address.Should().BeOneOf("Clara@example.com", "clara@example.com");
        Expiry().Single(m => m.MessageId!.StartsWith("gallery-expiry.", StringComparison.Ordinal)).Text.Should().Contain(day).And.Contain("not submitted").And.Contain($"https://proofs.example/g/{shop.Gallery.Slug}");

        // The same date again, a restart and another publication plan the same mails.
        await using (var sibling = await _host.SiblingAsync(services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(_mails)), ("Api:PublicUrl", "https://api.example"), ("Storefront:BaseUrl", "https://proofs.example")))
        {
            (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/unpublish")).ShouldBe(200);
            (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/publish")).ShouldBe(200);
            await ExpiresAsync(shop, null);
            await ExpiresAsync(shop, expiry);
            _host.Clock.Advance(TimeSpan.FromDays(4));
            await _host.QuietAsync(shop.Studio.Id);
        }

        Expiry().Should().HaveCount(2);
        (await shop.InDatabaseAsync(db => db.Set<MailRecord>().CountAsync(m => m.Kind.StartsWith("gallery-expiry")))).Should().Be(2);
    }

    [Fact]
    public async Task A_mailbox_that_is_busy_for_good_keeps_nobody_else_from_being_told()
    {
        var shop = await OpenAsync();
        var photo = await shop.PhotoAsync();
        foreach (var name in new[] { "anna", "ben", "clara" })
        {
            await PickingAsync(shop, name, $"{name}@example.com", photo);
        }

        _mails.BusyMailbox = "anna@example.com";
        await ExpiresAsync(shop, _host.Clock.GetUtcNow().AddDays(20));
        _host.Clock.Advance(TimeSpan.FromDays(14));

        await ApiHost.EventuallyAsync(() => Task.FromResult(Expiry().Count == 3), "the studio, Ben and Clara are told");
        Expiry().Select(m => m.To.Address).Should().BeEquivalentTo("anna@studio.example", "ben@example.com", "clara@example.com");
        var waiting = (await shop.Studio.Api.GetAsync("/v1/undelivered-mails")).ShouldBe(200).Body!["data"]!.AsArray();
        waiting.Should().ContainSingle().Which!["email"]!.GetValue<string>().Should().Be("anna@example.com");
    }

    [Fact]
    public async Task Another_date_is_planned_anew_and_the_old_one_is_forgotten()
    {
        var shop = await OpenAsync();
        var now = _host.Clock.GetUtcNow();
        await ExpiresAsync(shop, now.AddDays(20));
        await ExpiresAsync(shop, now.AddDays(40));

        _host.Clock.Advance(TimeSpan.FromDays(19));
        await _host.QuietAsync(shop.Studio.Id);
        Expiry().Should().BeEmpty();
        _host.Clock.Advance(TimeSpan.FromDays(15));
        await _mails.WaitAsync("gallery-expiry-to-studio.");
        await ExpiresAsync(shop, now.AddDays(60));
        _host.Clock.Advance(TimeSpan.FromDays(20));
        await ApiHost.EventuallyAsync(() => Task.FromResult(Expiry().Count == 2), "the later date is told, too");
    }

    [Fact]
    public async Task A_draft_an_archived_and_a_deleted_gallery_are_not_announced()
    {
        var shop = await OpenAsync();
        var now = _host.Clock.GetUtcNow();
        foreach (var change in new[] { "unpublish", "archive", "delete" })
        {
            var gallery = await shop.Studio.GalleryAsync(title: change, more: new { expiresAt = now.AddDays(20) });
            (change == "delete" ? await shop.Studio.Api.DeleteAsync(gallery.Path) : await shop.Studio.Api.PostAsync($"{gallery.Path}/{change}")).Status.Should().BeOneOf(200, 204);
        }

        _host.Clock.Advance(TimeSpan.FromDays(19));
        await _host.QuietAsync(shop.Studio.Id);

        Expiry().Should().BeEmpty();
    }

    private async Task<Shop> OpenAsync()
    {
        var shop = await Shop.OpenAsync(_host);
        (await shop.Studio.Api.PatchAsync("/v1/studio/branding", new { contactEmail = "anna@studio.example" })).ShouldBe(200);
        return shop;
    }

    private static async Task PickingAsync(Shop shop, string name, string? email, string photo)
    {
        var visitor = await shop.Gallery.VisitorAsync(name, email);
        var selection = (await visitor.Api.PostAsync($"{shop.Gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        (await visitor.Api.PutAsync($"/v1/selections/{selection}/picks/{photo}", new { })).ShouldBe(200);
    }

    private static Task<StoredObject> StoreThumbnailAsync(Shop shop, string photo) => shop.Host.InScopeAsync(shop.Studio.Id, services => services.GetRequiredService<IObjectStore>()
        .PutAsync(PhotoFiles.Clean(Id<Tenant>.Parse(shop.Studio.Id, null), Id<Photo>.Parse(photo, null), 1, RenditionSizes.Thumbnail, RenditionFormat.Jpeg), new MemoryStream(new byte[100])));

    private static async Task ExpiresAsync(Shop shop, DateTimeOffset? expiresAt) => (await shop.Studio.Api.PatchAsync(shop.Gallery.Path, new { expiresAt })).ShouldBe(200);

    private List<MailMessage> Expiry() => [.. _mails.All.Where(m => m.MessageId!.StartsWith("gallery-expiry", StringComparison.Ordinal))];

    /// <summary>Each picture of the mail can be fetched by anyone who has the mail.</summary>
    private async Task ShouldShowAsync(MailMessage mail)
    {
        var pictures = Regex.Matches(WebUtility.HtmlDecode(mail.Html), "<img src=\"https://api\\.example(/v1/media/photos/[^\"]+)").Select(m => m.Groups[1].Value).ToList();
        pictures.Should().NotBeEmpty();
        foreach (var picture in pictures)
        {
            (await _host.Client(null).GetAsync(picture)).ShouldBe(200);
        }
    }
}
