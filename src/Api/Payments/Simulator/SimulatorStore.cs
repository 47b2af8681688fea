using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Payments.Simulator;

/// <summary>
/// The simulator's own books: one JSON file a payment, replaced as a whole, so a kill leaves the old state or the new one.
/// </summary>
/// <remarks>
/// Files, and not ids from which everything follows: that an order was paid, and that it was paid once, is a fact that must
/// be remembered. And not our database: a real provider's books are elsewhere and survive ours being restored, and a
/// simulator that shared a transaction with the order would hide just the failures it is there to show.
/// Locks are file locks, so several processes may share the folder, and a killed one holds nothing.
/// </remarks>
internal sealed class SimulatorStore(IOptions<PaymentOptions> options)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Path.GetFullPath(options.Value.SimulatorSettings.Folder);

    private string Payments => Path.Combine(_folder, "payments");

    private string Locks => Path.Combine(_folder, "locks");

    // An empty file for each payment that waits for something, so that the worker need not read all of them.
    private string Waiting => Path.Combine(_folder, "waiting");

    /// <summary>Reads a payment, makes it when <paramref name="make"/> is given, changes it, and keeps it before it answers.</summary>
    /// <exception cref="PaymentException">There is no such payment; or the change refuses, and nothing is kept.</exception>
    public async Task<T> ChangeAsync<T>(string id, Func<SimulatedPayment, T> change, CancellationToken cancellation, Func<SimulatedPayment>? make = null)
    {
        if (!IsId(id))
        {
            throw Unknown();
        }

        await using var held = await LockAsync(id, cancellation);
        var path = Path.Combine(Payments, id + ".json");
        var before = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellation) : null;
        var payment = before is not null ? JsonSerializer.Deserialize<SimulatedPayment>(before)! : make is not null ? make() : throw Unknown();
        var answer = change(payment);

        var after = JsonSerializer.SerializeToUtf8Bytes(payment);
        if (before is null || !after.AsSpan().SequenceEqual(before))
        {
            Keep(path, payment, after);
        }

        return answer;
    }

    public IReadOnlyList<string> WaitingIds() =>
        Directory.Exists(Waiting) ? [.. Directory.EnumerateFiles(Waiting).Select(Path.GetFileName).OfType<string>().Where(IsId)] : [];

    /// <summary>Follows from the order's reference alone: so one order has one payment, whoever asks at the same time.</summary>
    public static string IdOf(string orderReference) =>
        "sim_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(orderReference)).AsSpan(0, 16));

    private static bool IsId(string id) =>
        id.Length == 36 && id.StartsWith("sim_", StringComparison.Ordinal) && id.Skip(4).All(char.IsAsciiHexDigitLower);

    private void Keep(string path, SimulatedPayment payment, byte[] bytes)
    {
        Directory.CreateDirectory(Payments);
        Directory.CreateDirectory(Waiting);
        var waiting = Path.Combine(Waiting, payment.Id);
        if (payment.IsWaiting)
        {
            // Before the state: a mark too many is looked at and taken away, one too few would lose an event.
            File.WriteAllBytes(waiting, []);
        }

        // The lock's holder is alone, so one name for the new file is enough, and a leftover of a kill is overwritten.
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        if (!payment.IsWaiting)
        {
            File.Delete(waiting);
        }
    }

    /// <summary>Takes away the mark of a payment that is gone or waits for nothing, as a kill between two writes can leave it.</summary>
    public async Task UnmarkAsync(string id, CancellationToken cancellation)
    {
        await using var held = await LockAsync(id, cancellation);
        var path = Path.Combine(Payments, id + ".json");
        if (!File.Exists(path) || !JsonSerializer.Deserialize<SimulatedPayment>(await File.ReadAllBytesAsync(path, cancellation))!.IsWaiting)
        {
            File.Delete(Path.Combine(Waiting, id));
        }
    }

    private async Task<FileStream> LockAsync(string id, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Locks);
        // By the end of the id, a hash: 256 lock files at most, however many payments.
        var path = Path.Combine(Locks, id[^2..]);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < LockPatience)
            {
                await Task.Delay(Random.Shared.Next(1, 8), cancellation);
            }
        }
    }

    private static PaymentException Unknown() => new(PaymentErrors.UnknownPayment, "No such payment.");
}
