using System.Runtime.CompilerServices;

namespace Proofsheet.Sdk;

internal static class Paging
{
    /// <summary>Requests each page when the previous one has been consumed; nothing is requested before the first item is read.</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<string?, CancellationToken, Task<(IReadOnlyList<T> Data, string? Next)>> page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var (data, next) = await page(cursor, cancellationToken).ConfigureAwait(false);
            foreach (var item in data)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return item;
            }

            cursor = next;
        }
        while (cursor is not null);
    }
}
