namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>Why a person in front of a browser is told that something cannot be done. The error page shows it, at the address that was asked for.</summary>
/// <param name="Reason">A word that the page has a text for.</param>
/// <param name="Description">For whoever makes the application; never anything that came with the request.</param>
internal sealed record ProtocolRefusal(string Reason, string Code, string Description);
