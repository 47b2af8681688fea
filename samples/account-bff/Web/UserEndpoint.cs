using Proofsheet.AccountBff.Sessions;

namespace Proofsheet.AccountBff.Web;

internal static class UserEndpoint
{
    private sealed record UserResponse(string Subject, string? Name, string? Email, string? Studio);

    public static void MapUser(this IEndpointRouteBuilder routes) => routes.MapGet("/bff/user", Handle).RequireOwnScript();

    private static IResult Handle(HttpContext http, SessionStore sessions) => sessions.Find(http.Request.SessionSecret()) is { } session
        ? Results.Json(new UserResponse(session.Who.Subject, session.Name, session.Email, session.Studio))
        : NotSignedIn();

    public static IResult NotSignedIn() => Answers.Refusal(StatusCodes.Status401Unauthorized, "not_signed_in", "Nobody is signed in in this browser.");
}
