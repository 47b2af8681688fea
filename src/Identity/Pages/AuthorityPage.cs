using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Proofsheet.Identity.Pages.Branding;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

/// <summary>The base of all pages: the signed-in user, the interaction, the studio's branding, and error responses.</summary>
internal abstract class AuthorityPage : PageModel
{
    /// <summary>The ID of an interaction, which is stored on the server; nothing else about it is taken from the URL.</summary>
    [FromQuery(Name = "interaction")]
    public string? InteractionId { get; set; }

    public Interaction? Interaction { get; private set; }

    public SignedIn? Who { get; private set; }

    protected CancellationToken Cancellation => HttpContext.RequestAborted;

    /// <summary>Whether the page only works as part of an interaction.</summary>
    protected virtual bool NeedsInteraction => false;

    /// <summary>Returns another response when the page cannot be shown.</summary>
    protected virtual Task<IActionResult?> BeforeAsync() => Task.FromResult<IActionResult?>(null);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var services = HttpContext.RequestServices;
        Who = await services.GetRequiredService<IUserSessions>().CurrentAsync(HttpContext, Cancellation);
        if (InteractionId is not null || NeedsInteraction)
        {
            Interaction = InteractionId is null
                ? null
                : await services.GetRequiredService<IInteractions>().FindAsync(InteractionId, HttpContext, Cancellation);
            if (Interaction is null)
            {
                context.Result = SeeOther("/error?reason=gone");
                return;
            }

            if (Interaction.Tenant is { } tenant && await services.GetRequiredService<StudioBrands>().FindAsync(tenant, Cancellation) is { } brand)
            {
                HttpContext.Items[typeof(StudioBrand)] = brand;
            }
        }

        if (await BeforeAsync() is { } refusal)
        {
            context.Result = refusal;
            return;
        }

        var executed = await next();
        if (executed.Exception is TooBusyException)
        {
            executed.ExceptionHandled = true;
            executed.Result = Refuse(StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(5), "Many people are signing in at this moment. Wait a few seconds and try again.");
        }
    }

    /// <summary>Shows an error above the form, and next to the field if one is named.</summary>
    protected void Wrong(string what, string field = "") => ModelState.AddModelError(field, what);

    /// <summary>Adds the errors of a new password.</summary>
    private protected async Task CheckPasswordAsync(string? password, BreachService breaches, params string?[] personal)
    {
        foreach (var error in PasswordRules.Errors(password ?? "", personal))
        {
            Wrong(error, "Password");
        }

        if (ModelState.GetFieldValidationState("Password") != Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid && await breaches.KnowsAsync(password!, Cancellation))
        {
            Wrong("This password was in a leak of another service. Choose another.", "Password");
        }
    }

    /// <summary>Shows the form again, with its errors.</summary>
    protected PageResult Again()
    {
        // The status tells scripts and caches what the text tells users.
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    protected PageResult Again(string what, string field = "")
    {
        Wrong(what, field);
        return Again();
    }

    protected PageResult TooMany(TimeSpan wait) =>
        Refuse(StatusCodes.Status429TooManyRequests, wait, string.Create(CultureInfo.InvariantCulture, $"Too many attempts from your network. Try again in {Math.Ceiling(wait.TotalMinutes)} minutes."));

    /// <summary>Continues with the interaction that the sign-in was for, or with a page of the authority.</summary>
    protected IActionResult GoOn(string? to = null) => Interaction is { } interaction
        ? Continue.To(HttpContext.RequestServices.GetRequiredService<IInteractions>().ResumeAddress(interaction.Id))
        : SeeOther(LocalAddress.Safe(to) ?? "/account");

    /// <summary>Redirects to a GET, so that going back or reloading does not submit the form again.</summary>
    protected IActionResult SeeOther(string address)
    {
        Response.Headers.Location = address;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Adds the current interaction to a path.</summary>
    protected string WithInteraction(string path) => InteractionId is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}interaction={Uri.EscapeDataString(InteractionId)}";

    private PageResult Refuse(int status, TimeSpan wait, string what)
    {
        Response.StatusCode = status;
        Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Wrong(what);
        return Page();
    }
}
