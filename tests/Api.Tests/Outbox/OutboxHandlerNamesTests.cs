using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Outbox;

/// <summary>
/// Messages waiting in a database name their handler. If a name changed, they would have none, so the names are listed here and do not follow the
/// classes: rename a class freely, but never a name.
/// </summary>
[Trait("Database", "Provider")]
public sealed class OutboxHandlerNamesTests(ApiHost api)
{
    private static readonly string[] Stored =
    [
        "downloads.build_export <- downloads.export_asked",
        "downloads.delete_gallery_downloads <- galleries.purged",
        "downloads.grant_order_downloads <- orders.paid",
        "downloads.prepare_download <- downloads.asked",
        "galleries.purge_gallery <- galleries.purge_due",
        "notifications.downloads_ready <- downloads.ready",
        "notifications.email_code <- galleries.email_code_issued",
        "notifications.gallery_expiry <- galleries.expiry_near",
        "notifications.gallery_invitation <- galleries.invitation_issued",
        "notifications.guessing_noticed <- galleries.guessing_noticed",
        "notifications.invitation <- studios.member_invited",
        "notifications.order_confirmation <- orders.paid",
        "notifications.order_to_studio <- orders.paid",
        "notifications.payment_failed <- orders.payment_failed",
        "notifications.selection_submitted <- selections.submitted",
        "orders.check_payment <- orders.payment_check_due",
        "orders.expire_order <- orders.expiry_due",
        "orders.issue_code <- orders.code_requested",
        "orders.refund_payment <- orders.refund_due",
        "photos.add_formats <- photos.formats_due",
        "photos.clear_section <- galleries.section_deleted",
        "photos.process_photo <- photos.processing_asked",
        "photos.purge_gallery_photos <- galleries.purged",
        "photos.purge_photo <- photos.purge_due",
        "studios.delete_replaced_logo <- studios.logo_replaced",
    ];

    private static IEnumerable<OutboxHandler> Handlers(ApiHost api) => api.Services.GetServices<OutboxHandler>();

    [Fact]
    public void Names_are_those_that_stored_messages_hold() =>
        Handlers(api).Select(h => $"{h.Name} <- {h.Event}").Order(StringComparer.Ordinal).Should().Equal(Stored);

    [Fact]
    public void Every_event_is_known_because_messages_of_others_are_never_done() =>
        OutboxEventNames.In(typeof(Program).Assembly).Should().HaveCountGreaterThan(15).And.BeSubsetOf(api.Services.GetRequiredService<OutboxHandlers>().Events);

    [Fact]
    public void No_two_handlers_share_a_name() => Handlers(api).Select(h => h.Name).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Names_have_the_form_of_a_module_and_what_is_done() =>
        Handlers(api).Select(h => h.Name).Should().AllSatisfy(name => name.Should().MatchRegex("^[a-z]+\\.[a-z]+(_[a-z]+)*$"));
}
