using System.Text;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Archives;

/// <param name="Photo">The photo that the file belongs to; null for files written for the archive itself.</param>
internal sealed record ListedFile(ArchiveFile File, Id<Photo>? Photo);

/// <summary>
/// The list of an archive's files, kept in the store next to them. The content of the archive is thus decided once, any process can
/// continue sending it, and no request reads a row for each file.
/// </summary>
internal sealed class ArchiveLists(IObjectStore store)
{
    public const string Folder = "archives";
    private const int Format = 1;

    public static ObjectPrefix AllOf(Id<Tenant> tenant) => ObjectPrefix.Of(tenant.ToStored(), Folder);

    /// <summary>The key of a file that belongs to the archive itself.</summary>
    /// <param name="archive">A stored id.</param>
    public static ObjectKey Key(Id<Tenant> tenant, string archive, string file) => ObjectKey.Of(tenant.ToStored(), Folder, archive, file);

    public async Task WriteAsync(Id<Tenant> tenant, string archive, IReadOnlyList<ListedFile> files, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Format);
            writer.Write(files.Count);
            foreach (var (file, photo) in files)
            {
                writer.Write(file.Path);
                writer.Write(file.Key.Value);
                writer.Write(file.Bytes);
                writer.Write(file.Crc32);
                writer.Write(file.ModifiedAt.ToUnixTimeSeconds());
                writer.Write(photo?.ToStored() ?? "");
            }
        }

        bytes.Position = 0;
        await store.PutAsync(Key(tenant, archive, "list"), bytes, cancellation: cancellation);
    }

    /// <summary>Null if the list no longer exists.</summary>
    public async Task<IReadOnlyList<ListedFile>?> ReadAsync(Id<Tenant> tenant, string archive, CancellationToken cancellation)
    {
        await using var stored = await store.OpenAsync(Key(tenant, archive, "list"), cancellation: cancellation);
        if (stored is null)
        {
            return null;
        }

        var bytes = new byte[stored.Length];
        await stored.Content.ReadExactlyAsync(bytes, cancellation);
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadInt32() != Format)
        {
            throw new InvalidDataException("The list of an archive has a format that this version does not know.");
        }

        var files = new ListedFile[reader.ReadInt32()];
        for (var i = 0; i < files.Length; i++)
        {
            var file = new ArchiveFile(reader.ReadString(), ObjectKey.Parse(reader.ReadString()), reader.ReadInt64(), reader.ReadUInt32(), DateTimeOffset.FromUnixTimeSeconds(reader.ReadInt64()));
            files[i] = new(file, reader.ReadString() is { Length: > 0 } photo ? Id<Photo>.FromStored(photo) : null);
        }

        return files;
    }

    public Task DeleteAsync(Id<Tenant> tenant, string archive, CancellationToken cancellation) =>
        store.DeleteAllAsync(ObjectPrefix.Of(tenant.ToStored(), Folder, archive), cancellation);
}
