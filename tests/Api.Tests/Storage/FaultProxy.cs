using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>What goes wrong with one request or its response. Positions are in bytes of the body.</summary>
internal sealed record Mishap
{
    /// <summary>Responds with this status, without forwarding the request.</summary>
    public int? Status { get; init; }

    /// <summary>The body of the <see cref="Status"/> response.</summary>
    public string Body { get; init; } = "";

    /// <summary>Reports success with the right entity tag, without forwarding the request.</summary>
    public bool Lies { get; init; }

    public long? ResetsAfterSent { get; init; }

    public long? ResetsAfterAnswered { get; init; }

    /// <summary>Closes the connection cleanly, but too early.</summary>
    public long? ClosesAfterAnswered { get; init; }

    public long? FlipsSent { get; init; }

    public long? FlipsAnswered { get; init; }

    /// <summary>From this position nothing more is sent, and the connection stays open.</summary>
    public long? StallsAfterAnswered { get; init; }

    /// <summary>Forwards small pieces, with a delay before each.</summary>
    public TimeSpan? Slow { get; init; }

    /// <summary>Forwards the request, which succeeds, but drops the response.</summary>
    public bool LosesTheAnswer { get; init; }
}

internal sealed record ProxiedRequest(string Method, string Target, string Head, int Number);

/// <summary>A proxy in front of a store that simulates faults of networks and stores. One request per connection, so that it sees each of them.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _server;
    private readonly List<ProxiedRequest> _seen = [];

    public FaultProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Chooses a fault for each request; null for none.</summary>
    public Func<ProxiedRequest, Mishap?> Goes { get; set; } = _ => null;

    public IReadOnlyList<ProxiedRequest> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>The first requests of a kind get this fault; the others succeed.</summary>
    public void First(int count, string method, Mishap mishap, string targetHolds = "")
    {
        var left = count;
        Goes = request => request.Method == method && request.Target.Contains(targetHolds, StringComparison.Ordinal) && Interlocked.Decrement(ref left) >= 0 ? mishap : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                await ServeAsync(client, server);
            }
            catch (ResetException)
            {
                client.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
            {
                // Either side closed the connection.
            }
        }
    }

    private async Task ServeAsync(Socket client, Socket server)
    {
        await using var from = new NetworkStream(client);
        if (await HeadAsync(from) is not { } head)
        {
            return;
        }

        var request = Note(head);
        var mishap = Goes(request) ?? new Mishap();
        if (head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase))
        {
            await from.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _end.Token);
        }

        var length = Length(head);
        if (mishap.Status is { } status)
        {
            await TakeAsync(from, length);
            await AnswerAsync(from, $"{status} Mishap", mishap.Body);
            return;
        }

        if (mishap.Lies)
        {
            var etag = await TakeAsync(from, length);
            await AnswerAsync(from, "201 Created", "", $"ETag: \"{etag}\"\r\nLast-Modified: {DateTimeOffset.UtcNow:R}\r\nx-ms-request-server-encrypted: true\r\n");
            return;
        }

        await server.ConnectAsync(_server.Host, _server.Port, _end.Token);
        await using var to = new NetworkStream(server);
        await to.WriteAsync(Encoding.Latin1.GetBytes(ClosingHead(head)), _end.Token);
        await PumpAsync(from, to, length, mishap.ResetsAfterSent, null, null, mishap.FlipsSent, mishap.Slow);
        if (mishap.LosesTheAnswer)
        {
            await to.CopyToAsync(Stream.Null, _end.Token);
            throw new ResetException();
        }

        var answer = await HeadAsync(to) ?? throw new IOException("The server gave no answer.");
        await from.WriteAsync(Encoding.Latin1.GetBytes(answer), _end.Token);
        await PumpAsync(to, from, long.MaxValue, mishap.ResetsAfterAnswered, mishap.ClosesAfterAnswered, mishap.StallsAfterAnswered, mishap.FlipsAnswered, mishap.Slow);
    }

    private ProxiedRequest Note(string head)
    {
        var line = head[..head.IndexOf('\r')].Split(' ');
        lock (_seen)
        {
            var request = new ProxiedRequest(line[0], line[1], head, _seen.Count + 1);
            _seen.Add(request);
            return request;
        }
    }

    private async Task PumpAsync(Stream from, Stream to, long length, long? resets, long? closes, long? stalls, long? flips, TimeSpan? slow)
    {
        var buffer = new byte[slow is null ? 64 * 1024 : 16 * 1024];
        for (var passed = 0L; passed < length;)
        {
            var next = new[] { length, resets ?? long.MaxValue, closes ?? long.MaxValue, stalls ?? long.MaxValue }.Min() - passed;
            if (next == 0)
            {
                if (passed == stalls)
                {
                    await Task.Delay(Timeout.Infinite, _end.Token);
                }

                if (passed == closes)
                {
                    return;
                }

                // What was forwarded should arrive before the reset does.
                await Task.Delay(50, _end.Token);
                throw new ResetException();
            }

            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, next)), _end.Token);
            if (read == 0)
            {
                return;
            }

            if (flips >= passed && flips < passed + read)
            {
                buffer[flips.Value - passed] ^= 1;
            }

            await Task.Delay(slow ?? TimeSpan.Zero, _end.Token);
            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            passed += read;
        }
    }

    private async Task<string> TakeAsync(Stream from, long length)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[64 * 1024];
        while (length > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), _end.Token);
            if (read == 0)
            {
                break;
            }

            md5.AppendData(buffer, 0, read);
            length -= read;
        }

        return Convert.ToHexStringLower(md5.GetHashAndReset());
    }

    private async Task AnswerAsync(NetworkStream to, string status, string body, string more = "")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = $"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {bytes.Length}\r\n{more}Connection: close\r\n\r\n";
        await to.WriteAsync(Encoding.Latin1.GetBytes(head), _end.Token);
        await to.WriteAsync(bytes, _end.Token);
    }

    // Byte by byte, because what follows the headers belongs to the body.
    private async Task<string?> HeadAsync(Stream from)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await from.ReadAsync(one, _end.Token) == 1)
        {
            head.Append((char)one[0]);
            if (one[0] == '\n' && head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
            {
                return head.ToString();
            }
        }

        return null;
    }

    private static string ClosingHead(string head) => string.Join("\r\n", head.TrimEnd().Split("\r\n")
        .Where(line => !line.StartsWith("Expect:", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase))
        .Append("Connection: close")) + "\r\n\r\n";

    private static long Length(string head)
    {
        var line = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    private sealed class ResetException : Exception;
}
