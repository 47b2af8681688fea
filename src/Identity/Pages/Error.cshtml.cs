using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Proofsheet.Identity.Protocol.Ports;

namespace Proofsheet.Identity.Pages;

/// <summary>Shows what went wrong, from a fixed list: text from the URL is never shown.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorPage : PageModel
{
    public string Title { get; private set; } = "Something went wrong";

    public string Text { get; private set; } = "It is our fault, and it is in our log. Please try again.";

    /// <summary>Details for the developer of the application; null when there are none.</summary>
    public ProtocolRefusal? Refusal => HttpContext.Features.Get<ProtocolRefusal>();

    public void OnGet(string? reason) => Show(reason);

    public void OnPost(string? reason) => Show(reason);

    private void Show(string? reason)
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            return;
        }

        (Title, Text) = reason switch
        {
            "gone" => ("This sign-in has ended", "It took too long, was finished already, or began in another browser. Go back to where you came from and start again."),
            "client" => ("This request cannot be answered", "The application that sent you here asked in a way that cannot be trusted. Please tell the people who make it."),
            "social" => ("The other account did not answer", "Signing in there was canceled or did not work. Nothing was changed."),
            _ => ("There is nothing here", "The address is not one of ours, or what was there is gone."),
        };
        Response.StatusCode = reason is "gone" or "client" or "social" ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound;
    }
}
