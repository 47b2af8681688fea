using System.Net.Sockets;
using System.Text;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Sends a request target verbatim; HttpClient would normalize dots and escapes.</summary>
internal static class RawRequest
{
    public static async Task<int> StatusAsync(ApiHost api, string method, string target, string headers = "")
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync("127.0.0.1", api.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"));
        var line = await new StreamReader(stream, Encoding.Latin1).ReadLineAsync();
        return int.Parse(line!.Split(' ')[1]);
    }
}
