using Proofsheet.Api.Http;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage;

/// <summary>
/// Reads an object that is copied to another store, and throws at its end if it does not match its row, so that the other store keeps nothing of it.
/// </summary>
internal sealed class CheckedStream(ObjectReader reader, ObjectReference named, Pace pace) : ForwardStream
{
    private readonly MeasuringStream _measured = new(reader.Content, maxBytes: null);

    public override long Position
    {
        get => _measured.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>The measurements of what was read.</summary>
    public StoredObject Passed => _measured.Measured(named.Key);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await _measured.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (e is not StoreUnavailableException)
        {
            throw new ObjectDamagedException("unreadable", e);
        }

        await pace.KeepAsync(read, cancellationToken);
        if (read == 0 && buffer.Length > 0)
        {
            Check();
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _measured.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check()
    {
        var passed = Passed;
        if (passed.Length != reader.ObjectLength)
        {
            throw new ObjectDamagedException("unreadable");
        }

        if (named.Sha256 is not null && passed.Sha256 != named.Sha256)
        {
            throw new ObjectDamagedException("wrong_content");
        }
    }
}

/// <summary>An object does not match its row; the problem is one of those of <see cref="ObjectCheck"/>.</summary>
internal sealed class ObjectDamagedException(string problem, Exception? inner = null) : Exception($"The object is damaged: {problem}.", inner)
{
    public string Problem => problem;
}
