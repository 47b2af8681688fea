namespace Proofsheet.Identity.Pages;

/// <summary>What a page says after a form was processed, from a fixed list: text from the URL is never shown.</summary>
internal static class DoneTexts
{
    public static string? Of(HttpContext http) => http.Request.Query["done"].ToString() switch
    {
        "profile" => "Your profile is saved.",
        "password" => "Your password is changed. Other sessions have ended.",
        "email" => "We have written to the new address. It counts when you open the link in that mail.",
        "app-off" => "Codes from an app are off.",
        "passkey" => "The passkey is added.",
        "passkey-removed" => "The passkey is removed.",
        "renamed" => "The name is saved.",
        "ended" => "The session has ended.",
        "others-ended" => "All other sessions have ended.",
        "disconnected" => "The account is disconnected.",
        "application" => "The application has no access any more.",
        _ => null,
    };
}
