using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents;

/// <summary>
/// Keeps one activation's ledger equal to what lies in storage. One exchange with storage is under way at a time; runs
/// on its activation's scheduler.
/// </summary>
/// <remarks>
/// A change first writes the next body under a nonce of its own, then swaps the head to it by its entity tag: that one
/// write decides between two activations, and before it nothing has happened.
/// </remarks>
internal sealed class DocumentReplica(ControlRecords records, TimeProvider time, long bytesMax) : IDisposable
{
    private const int AttemptsMax = 4;
    private readonly SemaphoreSlim _gate = new(1);
    private Head? _head;
    private string? _bodyTag;
    private long _seenAt;
    private ControlStoreException? _failure;
    private long _failedAt;

    /// <summary>The documents as they were last seen in storage.</summary>
    public DocumentReplicaState State { get; private set; } = DocumentReplicaState.Empty;

    /// <summary>Called when the documents have changed.</summary>
    public required Action Changed { private get; init; }

    /// <summary>Called when another activation was found to have written.</summary>
    public required Action Overtaken { private get; init; }

    /// <summary>Looks into storage unless that has been done since this time stamp.</summary>
    /// <exception cref="ControlStoreException">Storage did not answer.</exception>
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

    /// <summary>Makes a change, durably before it returns.</summary>
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

            return Unknown("other silos changed them at the same time, again and again");
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

    /// <summary>False if another activation came first; then its documents have been read.</summary>
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

            // The same nonce may be swapped in again: either of the two writes makes the same head.
            if (head.Nonce == old.Nonce) continue;

            // The tag that this write was bound to is gone for good, and with it whatever of it is still on its way.
            await LookNeedsGateAsync(began);
            records.DropBodyAsync(nonce, bodyTag).Ignore();
            return false;
        }

        // A late write may still put the body in force: it stays, and the next question looks.
        _head = null;
        throw Unavailable("the last change is not confirmed");
    }

    /// <summary>The head after an attempt to write it: by its nonce the writer knows whose it is.</summary>
    private async Task<Head> SwapAsync(string? tag, long revision, UInt128 nonce)
    {
        try
        {
            return await records.WriteHeadAsync(tag, revision, nonce);
        }
        catch (Exception)
        {
            // Whatever was said, only what lies there tells.
            return await TryAsync(records.ReadHeadAsync);
        }
    }

    /// <summary>
    /// Looks once for all who asked before: where storage does not answer, none of them waits for a time-out of his
    /// own.
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

        throw Unavailable("what they refer to is missing");
    }

    private void Keep(Head head, DocumentReplicaState replica, string? bodyTag, long seenAt)
    {
        (_head, State, _bodyTag, _seenAt) = (head, replica, bodyTag, seenAt);
        Changed();
    }

    /// <summary>After a failure nothing in memory is believed until it was looked up.</summary>
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
        new($"The control documents in grain storage cannot be had: {reason}", inner!);

    private static ControlOutcome Unknown(string reason) =>
        new(ControlOutcomeKind.Unknown, 0, Unavailable(reason).Message);
}
