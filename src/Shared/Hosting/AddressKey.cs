using System.Net;
using System.Net.Sockets;

namespace Proofsheet.Shared.Hosting;

/// <summary>
/// What a limit by address counts as one address. An IPv6 network of 64 bits is one, because whoever has one of its addresses has all of them
/// (RFC 6177 and RFC 4291 section 2.5.4). IPv4 addresses are themselves, also if they are written in IPv6: mapped (RFC 4291 section 2.5.5.2) or translated
/// (64:ff9b::/96, RFC 6052), where the whole IPv4 internet would otherwise share one network.
/// </summary>
internal static class AddressKey
{
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>For example <c>203.0.113.7</c> or <c>2001:db8:1:2::/64</c>; empty if there is no address.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        if (address.IsIPv4MappedToIPv6 || Translated.Contains(address))
        {
            return new IPAddress(bytes.AsSpan(12)).ToString();
        }

        bytes.AsSpan(8).Clear();
        // Made of the bytes alone, so that a scope (fe80::1%eth0) makes no difference.
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>The key of the address that a request comes from; a proxy's word is taken only if it is known (<see cref="ClientAddress"/>).</summary>
    public static string Of(HttpContext? http) => Of(http?.Connection.RemoteIpAddress);
}
