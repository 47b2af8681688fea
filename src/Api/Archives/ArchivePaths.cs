namespace Proofsheet.Api.Archives;

/// <summary>
/// Paths inside an archive: the name of a file, or of a folder and a file. Folders are named after section titles, so two may have the same
/// name, or a file may have the name of a folder: each name is made unique, ignoring case.
/// </summary>
internal sealed class ArchivePaths
{
    private readonly TakenNames _root = new();
    private readonly Dictionary<object, (string Name, TakenNames Files)> _folders = [];

    /// <param name="folder">Identifies the folder; null for the root.</param>
    /// <param name="title">What the folder is named after.</param>
    /// <param name="fileName">Already cleaned.</param>
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
