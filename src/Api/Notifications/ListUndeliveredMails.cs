using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Notifications;

internal enum UndeliveredMailStatus
{
    /// <summary>It will be tried again by itself.</summary>
    Retrying,

    /// <summary>It is not tried again unless it is resent.</summary>
    Failed,
}

/// <summary>An email of the studio that no mail server has taken.</summary>
internal sealed record UndeliveredMailResponse
{
    public required Id<MailRecord> Id { get; init; }

    /// <summary>What it is about, such as <c>order-confirmation</c>, <c>downloads-ready</c> or <c>selection-submitted</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The recipient. Null if the email could not even be made.</summary>
    public required string? Email { get; init; }

    /// <summary>Null if the email could not even be made.</summary>
    public required string? Subject { get; init; }

    public required UndeliveredMailStatus Status { get; init; }

    /// <summary>Why it was not delivered, in English; the mail server's answer if there was one.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was first tried.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last failed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class ListUndeliveredMails
{
    public static void MapListUndeliveredMails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/undelivered-mails", HandleAsync)
        .WithName("ListUndeliveredMails")
        .WithTags("Studio")
        .WithSummary("List the emails that were not delivered")
        .WithDescription("Emails to clients, to the studio and to invited members that no mail server has taken, newest first. An email leaves the list once it is sent. "
            + "What happens to an email after a mail server has taken it is not known here.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static Task<Results<Ok<Page<UndeliveredMailResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "undelivered-mails", db.Set<MailRecord>().AsNoTracking().Where(m => m.Status != MailStatus.Sent), ToResponse, cancellation);

    private static UndeliveredMailResponse ToResponse(MailRecord mail) => new()
    {
        Id = mail.Id,
        Type = mail.Kind,
        Email = mail.Address,
        Subject = mail.Subject,
        Status = mail.Status == MailStatus.Failed ? UndeliveredMailStatus.Failed : UndeliveredMailStatus.Retrying,
        Reason = mail.Failure ?? "",
        CreatedAt = mail.CreatedAt,
        UpdatedAt = mail.At,
    };
}
