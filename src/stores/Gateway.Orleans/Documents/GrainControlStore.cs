using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents;

/// <summary>
/// The control documents of a cluster in a frontend. It calls the single <see cref="IControlGrain"/> and caches what it
/// has read, so that only new contents are transferred.
/// </summary>
public sealed class GrainControlStore(IGrainFactory grains, TimeProvider time) : IControlStore
{
    /// <summary>Time for which a request is retried while a silo stops and another takes over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private volatile ControlSnapshot _known = ControlSnapshot.Empty;
    private volatile bool _isLost;

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public IArchive Archive { get; } = new GrainArchive(grains, time);

    /// <inheritdoc/>
    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var known = _known;
        var answer = await PersistAsync(
            control => control.ReadAsync(known.Revision), static answer => answer.Problem, cancellationToken);
        if (Complete(answer, known) is not { } snapshot)
        {
            answer = await PersistAsync(
                static control => control.ReadAsync(0), static answer => answer.Problem, cancellationToken);
            snapshot = Complete(answer, ControlSnapshot.Empty)!;
        }

        return _known = snapshot;
    }

    /// <inheritdoc/>
    public async ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        // The nonce lets the grain recognize a change that it has already made, even after another silo took over.
        var change = new ControlChange(CallId.New().Bits, key.Kind, key.Name, expectedVersion, content);
        var outcome = await PersistAsync(
            control => control.ChangeAsync(change),
            static outcome => outcome.Kind == ControlOutcomeKind.Unknown ? outcome.Problem : null,
            cancellationToken);
        return outcome.Kind switch
        {
            ControlOutcomeKind.Written => ControlWrite.Written(outcome.Version),
            ControlOutcomeKind.Conflict => ControlWrite.Conflict(outcome.Version),
            _ => throw new ControlStoreException(outcome.Problem ?? "The silo returned an unknown outcome."),
        };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// After a failure the first call returns at once, because a frontend that has not reached the store for a while
    /// denies calls.
    /// </remarks>
    public async ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var until = _isLost ? TimeSpan.Zero : atMost;
        while (true)
        {
            var left = until - time.GetElapsedTime(began);
            var now = await AskAsync(
                control => control.WaitAsync(revision, left > TimeSpan.Zero ? left : TimeSpan.Zero), cancellationToken);
            _isLost = now.Problem is not null;
            if (now.Problem is { } problem) throw new ControlStoreException(problem);
            if (now.Revision != revision || time.GetElapsedTime(began) >= until) return now.Revision;
        }
    }

    /// <summary>Retries while no silo or no storage responds, until patience ends.</summary>
    private async ValueTask<T> PersistAsync<T>(
        Func<IControlGrain, ValueTask<T>> ask, Func<T, string?> problemOf, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await AskAsync(ask, cancellationToken);
                if (problemOf(answer) is not { } problem) return answer;
                throw new ControlStoreException(problem);
            }
            catch (ControlStoreException) when (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(RetryAfter, time, cancellationToken);
            }
        }
    }

    private async ValueTask<T> AskAsync<T>(
        Func<IControlGrain, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var control = grains.GetGrain<IControlGrain>(IControlGrain.GrainKey);
            return await ask(control).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _isLost = true;
            // A client that lost its silos throws many kinds of exception, and none shows the outcome of the request.
            throw new ControlStoreException($"The silo with the control documents does not respond: {e.Message}", e);
        }
    }

    /// <summary>Fills in cached contents; returns null if the cache lacks one of them.</summary>
    private static ControlSnapshot? Complete(ControlDocuments answer, ControlSnapshot known)
    {
        var documents = new List<ControlDocument>(answer.Items.Length);
        foreach (var item in answer.Items)
        {
            var key = new ControlKey(item.Kind, item.Name);
            var document = item.Content is { } content
                ? new ControlDocument(key, item.Version, content)
                : known.Find(key);
            if (document?.Version != item.Version) return null;
            documents.Add(document);
        }

        return new ControlSnapshot(answer.Revision, documents);
    }
}
