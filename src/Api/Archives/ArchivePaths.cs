namespace Proofsheet.Api.Archives;

/// <summary>
/// Paths inside an archive: a file's name, or a folder's and the file's. Folders come from titles of sections, so they may be equal, and a file may be
/// called as a folder is: every name is taken once, where case does not count.
/// </summary>
internal sealed class ArchivePaths
{
    private readonly TakenNames _root = new();
    private readonly Dictionary<object, (string Name, TakenNames Files)> _folders = [];

    /// <param name="folder">Tells folders apart; null for the root.</param>
    /// <param name="title">What the folder is called after.</param>
    /// <param name="fileName">Clean already.</param>
    public string Add(object? folder, string title, string fileName)
    {
        if (folder is null)
        {
            return _root.Take(fileName, isFolder: false);
        }

        if (!_folders.TryGetValue(folder, out var known))
        {
            known = (_root.Take(FileNames.Folder(title), isFolder: true), new TakenNames());
            _folders[folder] = known;
        }

        return $"{known.Name}/{known.Files.Take(fileName, isFolder: false)}";
    }
}
