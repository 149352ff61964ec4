using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Gateway.Orleans.Storage;

/// <summary>
/// Reservations in Orleans grain storage with entity tags (Azure blobs and tables). It has no common time before which
/// windows are closed, so a record stays for <see cref="KeepMs"/> after its window: longer than any trusted clock can
/// be wrong.
/// </summary>
/// <remarks>
/// The client of such a storage retries writes by itself, so a "the tag has changed" may refer to this process's own
/// applied write. Every failed write is therefore unknown, and the owner reads whose nonce is stored.
/// </remarks>
internal sealed partial class GrainStorageReservations(
    IGrainStorage storage, TimeProvider time, ILogger<GrainStorageReservations> log) : IReservationStore, IRecordExpiry
{
    /// <summary>Time that a record outlives its window, in milliseconds.</summary>
    public const long KeepMs = 10 * 60_000;

    private const string StateName = "reservation";
    private static readonly GrainType Holder = GrainType.Create("gateway.counter");

    /// <summary>
    /// The last seen tag of each counter. An owner keeps its key object for its lifetime, and the tag with it.
    /// </summary>
    private readonly ConditionalWeakTable<CounterKey, SeenTag> _seen = [];

    public bool HasSoleOwner => false;

    public async ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadStateAsync(key).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogReadFailed(key, e);
            return ReservationRead.Unavailable;
        }
    }

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        var (tag, refusal) = await TagAsync(key, expectedNonce, cancellationToken);
        if (refusal is not null) return refusal;

        // A new object for each attempt: a late reply must not change the state of a later attempt.
        var state = new GrainState<ReservationState>(ToState(next), tag) { RecordExists = tag is not null };
        try
        {
            await storage.WriteStateAsync(StateName, IdOf(key), state).WaitAsync(cancellationToken);
            _seen.AddOrUpdate(key, new SeenTag(next.Nonce, state.ETag));
            return ReservationWrite.Ok;
        }
        catch (Exception e)
        {
            _seen.Remove(key);
            LogWriteUnknown(key, e);
            return ReservationWrite.Unknown;
        }
    }

    /// <inheritdoc/>
    public async Task ExpireAsync(CounterKey key, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(key, cancellationToken);
        if (read.Outcome != ReadOutcome.Found) return;
        var endMs = key.RecordEndMs(read.Record);
        if (time.GetUtcNow().ToUnixTimeMilliseconds() < endMs + KeepMs) return;
        var (tag, refusal) = await TagAsync(key, read.Record.Nonce, cancellationToken);
        if (refusal is not null) return;

        var state = new GrainState<ReservationState>(new ReservationState(), tag) { RecordExists = true };
        _seen.Remove(key);
        try
        {
            await storage.ClearStateAsync(StateName, IdOf(key), state).WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            LogWriteUnknown(key, e);
        }
    }

    private async ValueTask<(string? Tag, ReservationWrite? Refusal)> TagAsync(
        CounterKey key, UInt128 expectedNonce, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(key, out var seen) && seen.Nonce == expectedNonce) return (seen.Tag, null);
        var read = await ReadAsync(key, cancellationToken);
        if (read.Outcome == ReadOutcome.Unavailable) return (null, ReservationWrite.Unknown);
        return _seen.TryGetValue(key, out seen) && seen.Nonce == expectedNonce
            ? (seen.Tag, null)
            : (null, ReservationWrite.ConflictWith(read.Record));
    }

    private async Task<ReservationRead> ReadStateAsync(CounterKey key)
    {
        var state = new GrainState<ReservationState>(new ReservationState());
        await storage.ReadStateAsync(StateName, IdOf(key), state);
        if (!state.RecordExists || state.State is not { } stored)
        {
            _seen.AddOrUpdate(key, new SeenTag(0, state.ETag));
            return ReservationRead.Absent;
        }

        var record = new Reservation(
            stored.WindowStartMs,
            Int128.Parse(stored.Reserved, NumberStyles.None, CultureInfo.InvariantCulture),
            UInt128.Parse(stored.Nonce, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        {
            Entries = EntriesOf(stored),
        };
        _seen.AddOrUpdate(key, new SeenTag(record.Nonce, state.ETag));
        return ReservationRead.Found(record);
    }

    /// <exception cref="FormatException">The entries are not in the format of this version.</exception>
    private static SlidingEntries? EntriesOf(ReservationState stored)
    {
        if (stored.Entries is not { } text) return null;
        return SlidingEntries.FromBytes(Convert.FromBase64String(text))
            ?? throw new FormatException("The entries of a record are not what this version writes.");
    }

    private static GrainId IdOf(CounterKey key) => GrainId.Create(Holder, key.Text);

    private static ReservationState ToState(Reservation record) => new()
    {
        WindowStartMs = record.WindowStartMs,
        Reserved = record.Reserved.ToString(CultureInfo.InvariantCulture),
        Nonce = record.Nonce.ToString("x32", CultureInfo.InvariantCulture),
        Entries = record.Entries is { } entries ? Convert.ToBase64String(entries.ToBytes()) : null,
    };

    [LoggerMessage(1, LogLevel.Warning, "The reservation of {Counter} could not be read.")]
    private partial void LogReadFailed(CounterKey counter, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "It is unknown whether the reservation of {Counter} was written.")]
    private partial void LogWriteUnknown(CounterKey counter, Exception exception);
}

/// <summary>The last known state of one record in grain storage.</summary>
/// <param name="Nonce">The nonce in the record; 0 if there was none.</param>
/// <param name="Tag">The storage's entity tag; null if there was none.</param>
internal sealed record SeenTag(UInt128 Nonce, string? Tag);
