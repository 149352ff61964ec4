using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Guessing;

/// <summary>
/// Slows down guessing of passwords, by name and by address, across all gateways that share a store: no outcome is
/// disclosed before the store has counted the attempt. Names and addresses map to a fixed number of slots, whether or
/// not the account exists, so that no attempt reveals an account and no flood fills the store.
/// </summary>
public sealed partial class PasswordGuesses(
    IControlStore store, SnapshotUpdater control, ProcessClock clock,
    ILogger<PasswordGuesses> logger)
{
    // Must be equal on every gateway: they share their counts by the slot.
    private const uint Places = 4096;
    private const int Tries = 50;
    private const int CleanedAtOnce = 4;
    private const int LinesMax = 60;
    private static readonly TimeSpan FirstHold = TimeSpan.FromSeconds(1);
    private readonly MinuteBudget<int> _lines = new(LinesMax, keysMax: 1);

    /// <summary>Returns how long no password is evaluated for that name or from that address.</summary>
    public TimeSpan Left(IPAddress from, string name)
    {
        var documents = control.State.Documents;
        return Longer(Left(documents, NameKey(name)), Left(documents, AddressKey(from)));
    }

    /// <summary>
    /// Counts a compared password. Returns zero if its outcome may be disclosed, else how long to wait.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached: disclose no outcome.</exception>
    public async Task<TimeSpan> TryAsync(IPAddress from, string name, bool isRight)
    {
        // Attempts that other gateways have counted apply from here on.
        await control.RefreshAsync(CancellationToken.None);
        var held = await CountAsync(NameKey(name), isRight);
        if (held == TimeSpan.Zero)
            held = await CountAsync(AddressKey(from), isRight);
        if (!isRight)
            await CleanAsync();
        return held;
    }

    /// <summary>
    /// Counts in one slot, by compare-and-swap, so that concurrent attempts each see the earlier ones.
    /// </summary>
    private async Task<TimeSpan> CountAsync(ControlKey key, bool isRight)
    {
        for (var i = 0; i < Tries; i++)
        {
            var documents = control.State.Documents;
            if (Left(documents, key) is var left && left > TimeSpan.Zero)
                return left;
            var known = documents.Find(key);
            if (isRight && known is null)
                return TimeSpan.Zero;
            var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
            var guesses = Read(known);
            var wrong = guesses is null || now - guesses.Last > GuessTable.ForgottenAfter ? 1 : guesses.Wrong + 1;
            var written = isRight
                ? await store.DeleteAsync(key, known!.Version, CancellationToken.None)
                : await store.WriteAsync(
                    key, known?.Version ?? 0,
                    ControlJsonContext.Write(new GuessDocument(wrong, now), ControlJsonContext.Default.GuessDocument),
                    CancellationToken.None);
            await control.RefreshAsync(CancellationToken.None);
            if (!written.IsWritten)
                continue;
            if (!isRight && Hold(wrong) is var hold && hold > TimeSpan.Zero
                && _lines.TryTake(0, clock.NowMs(), out _))
            {
                LogHeld(key.Name, hold.TotalSeconds, wrong);
            }

            return TimeSpan.Zero;
        }

        return FirstHold;
    }

    private TimeSpan Left(ControlSnapshot documents, ControlKey key)
    {
        if (Read(documents.Find(key)) is not { } guesses)
            return TimeSpan.Zero;
        var hold = Hold(guesses.Wrong);
        var passed = TimeSpan.FromMilliseconds(clock.NowMs() - guesses.Last.ToUnixTimeMilliseconds());
        // Another gateway's clock may be ahead of this one: that never makes a wait longer.
        return passed < TimeSpan.Zero ? hold : hold > passed ? hold - passed : TimeSpan.Zero;
    }

    private static TimeSpan Hold(int wrong) => wrong <= GuessTable.Free ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(
            GuessTable.HoldMax.Ticks, FirstHold.Ticks << Math.Min(wrong - GuessTable.Free - 1, 20)));

    /// <summary>Deletes a few expired slots.</summary>
    private async Task CleanAsync()
    {
        var before = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()) - GuessTable.ForgottenAfter;
        var old = control.State.Documents.OfKind(ControlKinds.Guesses)
            .Where(document => Read(document) is { } guesses && guesses.Last < before).Take(CleanedAtOnce).ToList();
        foreach (var document in old)
            await store.DeleteAsync(document.Key, document.Version, CancellationToken.None);
    }

    /// <summary>Returns null for an unreadable document; the next attempt replaces it.</summary>
    private static GuessDocument? Read(ControlDocument? document)
    {
        try
        {
            return document is null ? null
                : JsonSerializer.Deserialize(document.Content.Span, ControlJsonContext.Default.GuessDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ControlKey NameKey(string name) => Key("name", name);

    private static ControlKey AddressKey(IPAddress from) => Key("address", RequestSource.Network(from));

    private static ControlKey Key(string of, string who)
    {
        var hash = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(who)));
        return new(
            ControlKinds.Guesses,
            string.Create(CultureInfo.InvariantCulture, $"{of}-{hash % Places}"));
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(1, LogLevel.Warning,
        "After {Wrong} wrong passwords, all gateways reject every password for {Seconds} s if its user name or "
            + "address has the hash {Place}")]
    private partial void LogHeld(string place, double seconds, int wrong);
}
