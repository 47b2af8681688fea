using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

internal sealed record InviteMemberRequest
{
    /// <summary>Where the invitation is sent. Only an account with this verified email address can accept it.</summary>
    [Email, StringLength(EmailAddress.MaxLength, MinimumLength = 3)]
    public required string Email { get; init; }

    public required StudioRole Role { get; init; }
}

internal static class InviteMember
{
    private const int MaxPending = 100;

    public static void MapInviteMember(this IEndpointRouteBuilder routes) => routes
        .MapPost("/invitations", HandleAsync)
        .WithName("InviteMember")
        .WithTags("Members")
        .WithSummary("Invite someone to the studio")
        .WithDescription("Sends an email with a code that works once and for seven days. Only owners can invite owners; in a studio without members, anyone who may "
            + "invite can.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Created<InvitationResponse>, ProblemHttpResult>> HandleAsync(
        InviteMemberRequest request, ProofsheetDb db, TenantContext tenant, Caller caller, InvitationCodes codes, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var email = EmailAddress.Key(request.Email);
        if (await MemberRules.RefuseAsync(db, caller, request.Role == StudioRole.Owner, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (await db.Set<Member>().AnyAsync(m => m.Email == email, cancellation))
        {
            return Problems.Conflict("already_member", "Someone with this address is already a member.");
        }

        var pending = db.Set<Invitation>().Where(i => i.AcceptedAt == null && i.WithdrawnAt == null && i.ExpiresAt > now);
        if (await pending.AnyAsync(i => i.Email == email, cancellation))
        {
            return Problems.Conflict("already_invited", "This address has already been invited. Send that invitation again with `ResendInvitation`, or withdraw it with `WithdrawInvitation` first.");
        }

        if (await pending.CountAsync(cancellation) >= MaxPending)
        {
            return Problems.Rule("too_many_invitations", $"A studio has up to {MaxPending} open invitations.");
        }

        var code = Invitation.NewCode();
        var invitation = new Invitation
        {
            Id = Id<Invitation>.New(now),
            Email = email,
            Role = request.Role,
            CodeHash = Invitation.HashOf(code),
            CreatedAt = now,
            ExpiresAt = now + Invitation.Lifetime,
            LastSentAt = now,
        };
        db.Add(invitation);
        codes.Announce(db, tenant.Current, invitation, code, now);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Created($"/v1/invitations/{invitation.Id}", invitation.ToResponse(now));
    }
}
