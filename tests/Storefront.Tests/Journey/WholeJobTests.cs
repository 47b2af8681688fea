using FluentAssertions;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Storefront.Tests.Journey;

public sealed class WholeJobTests(StorefrontStage stage)
{
    [Theory]
    [InlineData(Visit.Desktop)]
    [InlineData(Visit.Telephone)]
    public async Task A_client_opens_the_gallery_picks_submits_buys_pays_and_downloads(int width)
    {
        await using var visit = await Visit.StartAsync(stage, width);
        var (studio, gallery) = (stage.Studio, stage.Studio.Proofs);

        await visit.SeeTheStudioAsync(studio);
        await visit.BeToldOfAWrongPinAsync(gallery);
        await visit.OpenWithThePinAsync(gallery);
        await visit.CheckAsync("gallery");
        await visit.LookInTheLightboxAsync(gallery);

        await visit.PickUntilTheListIsFullAsync();
        await visit.ReviewAndSubmitAsync();
        await visit.FindThePicksFrozenAsync(studio);

        await visit.PutAPrintInTheCartAsync();
        await visit.PutAFileInTheCartAsync(1, "Original file");
        await visit.PutAFileInTheCartAsync(2, "Web file");
        await visit.ReadyTheCartAsync(gallery);
        await visit.CheckOutAsync(ships: true, check: true);

        await visit.BeDeclinedAsync();
        await visit.ConfirmToTheBankAsync();
        await visit.TheStudioHasItPaidAsync(studio, items: 3, cents: 107_60);

        var bought = gallery.Files[1];
        await visit.DownloadEverythingAsync(gallery, await File.ReadAllBytesAsync(stage.Originals[bought]), bought);
        await visit.FindItAgainAfterAReloadAsync(gallery);
        await NothingSecretArrivedAsync(visit);
    }

    [Fact]
    public async Task A_card_that_succeeds_late_ends_with_a_paid_order_and_its_file()
    {
        await using var visit = await Visit.StartAsync(stage, Visit.Desktop, firstNumber: 50);
        await BuyAFileAsync(visit);

        await visit.PayWithAsync(Paying.LateCard);
        await Visit.See(visit.Heading("Your payment is on its way")).ToBeVisibleAsync();
        await Visit.See(visit.Heading("Almost there")).ToBeVisibleAsync();
        await visit.CheckAsync("payment-on-its-way");

        await visit.SeeItPaidAsync();
        await Visit.See(visit.Page.Locator(".download")).ToHaveCountAsync(1);
        await visit.TheStudioHasItPaidAsync(stage.Studio, items: 1, cents: 12_00, state: "completed");
    }

    [Fact]
    public async Task A_good_card_pays_at_once()
    {
        await using var visit = await Visit.StartAsync(stage, Visit.Telephone, firstNumber: 50);
        await BuyAFileAsync(visit);

        await visit.PayWithAsync(Paying.GoodCard);

        await visit.SeeItPaidAsync();
        await Visit.See(visit.Page.Locator(".download")).ToHaveCountAsync(1);
        await visit.TheStudioHasItPaidAsync(stage.Studio, items: 1, cents: 12_00, state: "completed");
    }

    private async Task BuyAFileAsync(Visit visit)
    {
        await visit.OpenWithThePinAsync(stage.Studio.Proofs);
        await visit.PutAFileInTheCartAsync(0, "Web file");
        await visit.Page.GotoAsync($"/g/{stage.Studio.Proofs.Slug}/cart");
        await visit.CheckOutAsync(ships: false);
    }

    private async Task NothingSecretArrivedAsync(Visit visit)
    {
        var received = await visit.Received.FilesAsync();
        stage.Secrets.Count.Should().BeGreaterThan(6 * stage.Originals.Count, "each photo has an original, and three sizes in two formats");
        received.Should().HaveCountGreaterThan(stage.Studio.Proofs.Files.Count, "the pictures were watched as they came");
        received.Select(file => (file.Url, What: stage.Secrets.NameOf(file.Hash))).Where(file => file.What is not null).Should().BeEmpty(
            "no visitor receives an original, or a picture without its watermark, from the gallery");
    }
}
