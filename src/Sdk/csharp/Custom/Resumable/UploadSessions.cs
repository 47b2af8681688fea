using System.Collections.Concurrent;

namespace Proofsheet.Sdk;

/// <summary>What is needed to resume an upload.</summary>
public sealed record UploadSession
{
    /// <summary>64 hexadecimal digits, derived from the gallery, the section and the file's path, length and modification time: a changed file has another.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The path of the file, for people who look into the store.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the whole file, in lowercase; null when it was not hashed before sending.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The ID of the upload, or the IDs of its parts in order.</summary>
    public required IReadOnlyList<string> UploadIds { get; init; }

    /// <summary>The ID of the upload that the parts were joined into.</summary>
    public string? JoinedId { get; init; }
}

/// <summary>
/// Where unfinished uploads are remembered. Two requests must never write to the same upload, so the sender of a file holds its lock; a store
/// shared by several processes must use one lock for all of them.
/// </summary>
public interface IUploadSessionStore
{
    /// <summary>Waits until no one else is sending this file; dispose the result to release the lock.</summary>
    Task<IDisposable> LockAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Returns null when there is none.</summary>
    Task<UploadSession?> LoadAsync(string fingerprint, CancellationToken cancellationToken);

    /// <summary>Replaces the stored session.</summary>
    Task SaveAsync(UploadSession session, CancellationToken cancellationToken);

    /// <summary>Deletes the session.</summary>
    Task RemoveAsync(string fingerprint, CancellationToken cancellationToken);
}

/// <summary>Keeps sessions in the memory of this process.</summary>
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
