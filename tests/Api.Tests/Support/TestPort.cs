using System.Net;
using System.Net.Sockets;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Ports for servers that are told theirs.</summary>
internal static class TestPort
{
    // Below the ports that the system gives to connections and to servers that ask for any (Linux: from 32768): one of those could be given away in
    // the seconds until the server listens.
    private const int First = 10_000;
    private const int End = 32_000;

    /// <summary>A port of this machine that is free.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
            }
        }
    }
}
