using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents;

/// <summary>
/// The control documents of a cluster, as a frontend sees them. It asks the one <see cref="IControlGrain"/>, and keeps
/// what it read, so that only what is new comes over the wire.
/// </summary>
public sealed class GrainControlStore(IGrainFactory grains, TimeProvider time) : IControlStore
{
    /// <summary>How long a document is asked for while a silo goes down and another takes over.</summary>
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
        // The grain knows a change that it has made by its nonce, also after another silo took over.
        var change = new ControlChange(CallId.New().Bits, key.Kind, key.Name, expectedVersion, content);
        var outcome = await PersistAsync(
            control => control.ChangeAsync(change),
            static outcome => outcome.Kind == ControlOutcomeKind.Unknown ? outcome.Problem : null,
            cancellationToken);
        return outcome.Kind switch
        {
            ControlOutcomeKind.Written => ControlWrite.Written(outcome.Version),
            ControlOutcomeKind.Conflict => ControlWrite.Conflict(outcome.Version),
            _ => throw new ControlStoreException(outcome.Problem ?? "The silo gave an answer that is not known here."),
        };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// After a failure the first answer comes at once: a frontend denies that has not reached the store for a while.
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

    /// <summary>Asks again while no silo or no storage answers, for as long as patience lasts.</summary>
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
            // A client that lost its silos says so in many ways, and none of them says what became of the question.
            throw new ControlStoreException($"The silo that has the control documents does not answer: {e.Message}", e);
        }
    }

    /// <summary>The answer with what is known filled in; null where something is not known after all.</summary>
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
