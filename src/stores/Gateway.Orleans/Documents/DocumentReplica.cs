using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Documents.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Documents;

/// <summary>
/// Keeps one activation's copy of the documents equal to grain storage. Only one exchange with storage is under way at
/// a time; everything runs on the activation's scheduler.
/// </summary>
/// <remarks>
/// A change first writes the next body under its own nonce, then swaps the head to it by entity tag. That single write
/// decides between concurrent activations, and before it nothing has happened.
/// </remarks>
internal sealed partial class DocumentReplica(
    ControlRecords records, TimeProvider time, long bytesMax, ILogger log) : IDisposable
{
    private const int AttemptsMax = 4;
    private readonly SemaphoreSlim _gate = new(1);
    private Head? _head;
    private string? _bodyTag;
    private long _seenAt;
    private ControlStoreException? _failure;
    private long _failedAt;

    /// <summary>The documents as last seen in storage.</summary>
    public DocumentReplicaState State { get; private set; } = DocumentReplicaState.Empty;

    /// <summary>Called when the documents have changed.</summary>
    public required Action Changed { private get; init; }

    /// <summary>Called when a write by another activation was found.</summary>
    public required Action Overtaken { private get; init; }

    /// <summary>Reads storage unless that has been done since this timestamp.</summary>
    /// <exception cref="ControlStoreException">Storage did not respond.</exception>
    public async Task LookAsync(long since)
    {
        await _gate.WaitAsync();
        try
        {
            if (_head is null || _seenAt < since) await LookNeedsGateAsync(since);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Applies a change; it is durable when this method returns.</summary>
    public async Task<ControlOutcome> ChangeAsync(ControlChange change)
    {
        var asked = time.GetTimestamp();
        await _gate.WaitAsync();
        try
        {
            if (_head is null) await LookNeedsGateAsync(asked);
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                var (next, outcome) = State.Apply(change, bytesMax);
                if (next is null && _seenAt >= asked) return outcome;
                if (next is null) await LookNeedsGateAsync(asked);
                else if (await WriteNeedsGateAsync(next)) return outcome;
            }

            return Unknown("other silos kept changing them at the same time");
        }
        catch (ControlStoreException exception)
        {
            return new ControlOutcome(ControlOutcomeKind.Unknown, 0, exception.Message);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Returns false if another activation wrote first; its documents have then been read.</summary>
    private async Task<bool> WriteNeedsGateAsync(DocumentReplicaState next)
    {
        var (old, oldTag) = (_head!, _bodyTag);
        var nonce = CallId.New().Bits;
        var began = time.GetTimestamp();
        var bodyTag = await TryAsync(() => records.WriteBodyAsync(nonce, next.ToBody()));
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var head = await SwapAsync(old.Tag, next.Revision, nonce);
            if (head.Nonce == nonce)
            {
                Keep(head, next, bodyTag, began);
                if (old.Nonce != 0) records.DropBodyAsync(old.Nonce, oldTag).Ignore();
                return true;
            }

            // Swapping the same nonce in again is safe: both writes produce the same head.
            if (head.Nonce == old.Nonce) continue;

            // The tag of this write is permanently gone, and with it the effect of any copy still in transit.
            await LookNeedsGateAsync(began);
            records.DropBodyAsync(nonce, bodyTag).Ignore();
            return false;
        }

        // A late write may still publish the body, so it stays; the next request reads storage.
        _head = null;
        throw Unavailable("the last change is not confirmed");
    }

    /// <summary>
    /// Returns the head after an attempt to write it; its nonce shows the writer whether its own write succeeded.
    /// </summary>
    private async Task<Head> SwapAsync(string? tag, long revision, UInt128 nonce)
    {
        try
        {
            return await records.WriteHeadAsync(tag, revision, nonce);
        }
        catch (Exception e)
        {
            // Whatever the write reported, only the stored head is conclusive.
            LogUnknown(revision, e.Message);
            return await TryAsync(records.ReadHeadAsync);
        }
    }

    /// <summary>
    /// Reads storage once for all callers that were waiting before, so that none of them waits for a timeout of its own
    /// if storage does not respond.
    /// </summary>
    private async Task LookNeedsGateAsync(long since)
    {
        if (_failure is { } failure && _failedAt >= since) throw new ControlStoreException(failure.Message, failure);
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var began = time.GetTimestamp();
            var head = await TryAsync(records.ReadHeadAsync);
            if (head.Nonce == _head?.Nonce)
            {
                (_head, _seenAt) = (head, began);
                return;
            }

            var isOvertaken = _head is not null;
            if (head.Nonce == 0) Keep(head, DocumentReplicaState.Empty, null, began);
            else if (await TryAsync(() => records.ReadBodyAsync(head.Nonce)) is { } read)
                Keep(head, DocumentReplicaState.From(read.Body), read.Tag, began);
            else continue;
            if (isOvertaken) Overtaken();
            return;
        }

        throw Unavailable("the stored body is missing");
    }

    private void Keep(Head head, DocumentReplicaState replica, string? bodyTag, long seenAt)
    {
        (_head, State, _bodyTag, _seenAt) = (head, replica, bodyTag, seenAt);
        Changed();
    }

    /// <summary>
    /// Runs an exchange with storage; after a failure the memory is not trusted until storage was read again.
    /// </summary>
    private async Task<T> TryAsync<T>(Func<Task<T>> exchange)
    {
        var began = time.GetTimestamp();
        try
        {
            return await exchange();
        }
        catch (Exception exception)
        {
            _head = null;
            (_failure, _failedAt) = (Unavailable(exception.Message, exception), began);
            throw _failure;
        }
    }

    private static ControlStoreException Unavailable(string reason, Exception? inner = null) =>
        new($"The control documents in grain storage are not available: {reason}", inner!);

    private static ControlOutcome Unknown(string reason) =>
        new(ControlOutcomeKind.Unknown, 0, Unavailable(reason).Message);

    [LoggerMessage(2, LogLevel.Debug, "The outcome of writing revision {Revision} is read from storage: {Why}")]
    private partial void LogUnknown(long revision, string why);
}
