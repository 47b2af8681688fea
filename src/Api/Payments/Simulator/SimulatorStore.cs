using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Payments.Simulator;

/// <summary>
/// The simulator's storage: one JSON file per payment, replaced as a whole, so that a crash leaves either the old state or the new one.
/// </summary>
/// <remarks>
/// The state must be stored and cannot be derived from ids: that an order was paid, and only once, is a fact to
/// remember. It is not in our database, because a real provider's records are elsewhere and survive a restore of ours, and a
/// simulator that shared a transaction with the order would hide exactly the failures that it is meant to show.
/// Locks are file locks, so several processes may share the folder, and a killed process holds none.
/// </remarks>
internal sealed class SimulatorStore(IOptions<PaymentOptions> options)
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Path.GetFullPath(options.Value.SimulatorSettings.Folder);

    private string Payments => Path.Combine(_folder, "payments");

    private string Locks => Path.Combine(_folder, "locks");

    // An empty file for each payment that waits for something, so that the worker need not read all payments.
    private string Waiting => Path.Combine(_folder, "waiting");

    /// <summary>Reads a payment, creates it if <paramref name="make"/> is given, changes it, and saves it before returning.</summary>
    /// <exception cref="PaymentException">There is no such payment, or the change was refused and nothing was saved.</exception>
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

    /// <summary>Derived from the order's reference only, so that one order has one payment even with concurrent requests.</summary>
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
            // Written before the state: an extra mark is checked and removed later, but a missing one would lose an event.
            File.WriteAllBytes(waiting, []);
        }

        // Only the holder of the lock writes, so one name for the new file is enough, and a leftover of a crash is overwritten.
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

    /// <summary>Removes the mark of a payment that is gone or waits for nothing; a crash between two writes can leave one.</summary>
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
        // Based on the end of the id, which is a hash: at most 256 lock files, however many payments.
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
