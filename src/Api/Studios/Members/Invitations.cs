using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>Listing invitations, sending one again, and taking one back.</summary>
internal static class Invitations
{
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/invitations", ListAsync)
            .WithName("ListInvitations")
            .WithTags("Members")
            .WithSummary("List the studio's invitations")
            .WithDescription("Newest first, with those that were accepted, withdrawn or have ended. Never their codes.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireScope(Scopes.SettingsRead);
        routes.MapPost("/invitations/{invitationId}/resend", ResendAsync)
            .WithName("ResendInvitation")
            .WithTags("Members")
            .WithSummary("Send an invitation again")
            .WithDescription("With a new code, for another seven days; the code before works no more. Also for one that has ended. Not more often than once a minute, and ten times in all.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireScope(Scopes.SettingsWrite);
        routes.MapDelete("/invitations/{invitationId}", WithdrawAsync)
            .WithName("WithdrawInvitation")
            .WithTags("Members")
            .WithSummary("Take an invitation back")
            .WithDescription("Its code works no more. Withdrawing it again changes nothing.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireScope(Scopes.SettingsWrite);
    }

    private static Task<Results<Ok<Page<InvitationResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, TimeProvider clock, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "invitations", db.Set<Invitation>().AsNoTracking(), i => i.ToResponse(clock.GetUtcNow()), cancellation);

    private static async Task<Results<Ok<InvitationResponse>, ProblemHttpResult>> ResendAsync(
        Id<Invitation> invitationId, ProofsheetDb db, TenantContext tenant, Caller caller, InvitationCodes codes, TimeProvider clock, CancellationToken cancellation)
    {
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Id == invitationId, cancellation);
        if (invitation is null)
        {
            return Problems.NotFound("invitation");
        }

        if (await MemberRules.RefuseAsync(db, caller, invitation.Role == StudioRole.Owner, cancellation) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        if (invitation.AcceptedAt is not null || invitation.WithdrawnAt is not null)
        {
            return Problems.Conflict("invitation_closed", "It was accepted or withdrawn. Invite again with `InviteMember`.");
        }

        if (invitation.TimesSent >= Invitation.MaxSent || now - invitation.LastSentAt < Invitation.SendingPause)
        {
            return Problems.Conflict("invitation_just_sent", "An invitation is sent at most once a minute, and ten times in all.");
        }

        codes.Announce(db, tenant.Current, invitation, invitation.Renew(now), now);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Ok(invitation.ToResponse(now));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(
        Id<Invitation> invitationId, ProofsheetDb db, Caller caller, TimeProvider clock, CancellationToken cancellation)
    {
        var invitation = await db.Set<Invitation>().SingleOrDefaultAsync(i => i.Id == invitationId, cancellation);
        if (invitation is null)
        {
            return Problems.NotFound("invitation");
        }

        if (await MemberRules.RefuseAsync(db, caller, invitation.Role == StudioRole.Owner, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (invitation.AcceptedAt is not null)
        {
            return Problems.Conflict("invitation_closed", "It was accepted. Remove the member with `RemoveMember` instead.");
        }

        invitation.WithdrawnAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
