namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>libvips refused an operation; the message is its own.</summary>
internal sealed class VipsException(string operation, string detail) : Exception($"{operation}: {detail}")
{
    public string Operation { get; } = operation;

    public string Detail { get; } = detail;
}

/// <summary>No libvips could be loaded: a fault of the installation, not of a picture.</summary>
internal sealed class VipsNotFoundException(string message) : Exception(message);
