using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Proofsheet.Sdk.Tests;

/// <summary>A slow network between a client and the API, which breaks when it is told to.</summary>
internal sealed class SlowWire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly Uri _api;
    private long _sent;

    public SlowWire(Uri api)
    {
        _api = api;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The upload speed; 0: unlimited.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>New connections are closed at once.</summary>
    public bool IsDown { get; set; }

    /// <summary>The number of uploaded bytes.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Breaks open connections, wherever they are.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys)
        {
            // Null when it has just closed by itself.
            client.Client?.Close(0);
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var api = new TcpClient();
        using (client)
        {
            (_open[client], _open[api]) = (0, 0);
            try
            {
                if (!IsDown)
                {
                    await api.ConnectAsync(_api.Host, _api.Port);
                    await Task.WhenAny(UpAsync(client.GetStream(), api.GetStream()), api.GetStream().CopyToAsync(client.GetStream()));
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut.
            }

            _open.TryRemove(client, out _);
            _open.TryRemove(api, out _);
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            if (BytesPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)read / BytesPerSecond));
            }

            await to.WriteAsync(buffer.AsMemory(0, read));
            Interlocked.Add(ref _sent, read);
        }
    }
}
