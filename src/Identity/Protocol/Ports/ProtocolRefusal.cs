namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>Why a user in front of a browser cannot continue. The error page shows it, at the URL that was requested.</summary>
/// <param name="Reason">A key for the page's text.</param>
/// <param name="Description">For the developer of the application; never contains anything from the request.</param>
internal sealed record ProtocolRefusal(string Reason, string Code, string Description);
