using System.Collections.Concurrent;

namespace Proofsheet.Sdk;

/// <summary>What has to be known to take up an upload again.</summary>
public sealed record UploadSession
{
    /// <summary>Of the file, its length, its time and its gallery, as 64 hexadecimal digits: another file, or a changed one, has another.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where the file is, for people who look.</summary>
    public required string Path { get; init; }

    /// <summary>Of the whole file, in lower case; null when it was not read before.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Ids of the upload, or of those of its parts in their order.</summary>
    public required IReadOnlyList<string> UploadIds { get; init; }

    /// <summary>What the parts were joined to.</summary>
    public string? JoinedId { get; init; }
}

/// <summary>
/// Where unfinished uploads are remembered. Two requests never write one upload, so who sends a file holds its lock: a store that
/// several processes share gives one lock to all of them.
/// </summary>
public interface IUploadSessionStore
{
    /// <summary>Waits until no one else sends this file; let go of by disposing.</summary>
    Task<IDisposable> LockAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Null when there is none.</summary>
    Task<UploadSession?> LoadAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Takes the place of what was kept.</summary>
    Task SaveAsync(UploadSession session, CancellationToken cancellationToken);

    /// <summary>Forgets it.</summary>
    Task RemoveAsync(string fingerprint, CancellationToken cancellationToken);
}

/// <summary>In the memory of this process.</summary>
public sealed class MemoryUploadSessionStore : IUploadSessionStore
{
    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new();
    private readonly ConcurrentDictionary<string, Turn> _turns = new();

    /// <inheritdoc />
    public async Task<IDisposable> LockAsync(string fingerprint, CancellationToken cancellationToken)
    {
        var turn = new Turn(_turns, fingerprint);
        while (_turns.GetOrAdd(fingerprint, turn) is { } holder && holder != turn)
        {
            await holder.Ended.OrCanceledAsync(cancellationToken).ConfigureAwait(false);
        }

        return turn;
    }

    /// <inheritdoc />
    public Task<UploadSession?> LoadAsync(string fingerprint, CancellationToken cancellationToken) =>
        Task.FromResult(_sessions.TryGetValue(fingerprint, out var session) ? session : null);

    /// <inheritdoc />
    public Task SaveAsync(UploadSession session, CancellationToken cancellationToken)
    {
        _sessions[session.Fingerprint] = session;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task RemoveAsync(string fingerprint, CancellationToken cancellationToken)
    {
        _sessions.TryRemove(fingerprint, out _);
        return Task.CompletedTask;
    }

    private sealed class Turn(ConcurrentDictionary<string, Turn> turns, string fingerprint) : IDisposable
    {
        private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Ended => _ended.Task;

        public void Dispose()
        {
            if (!_ended.Task.IsCompleted && turns.TryRemove(fingerprint, out _))
            {
                _ended.TrySetResult(true);
            }
        }
    }
}
