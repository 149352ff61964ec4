using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>
/// A shared control store in memory whose every operation waits until it is let go on, in an order that a seed makes.
/// What runs between two operations runs on one thread, so that a seed is a history.
/// </summary>
internal sealed class SteppedStore(Random random, SteppedStore.Fault fault) : SynchronizationContext, IControlStore
{
    private readonly SortedDictionary<ControlKey, ControlDocument> _documents = [];
    private readonly BlockingCollection<Action> _ready = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private long _revision;

    /// <summary>What is wrong with it.</summary>
    public enum Fault
    {
        /// <summary>It cannot be reached now and then, and may have written all the same.</summary>
        Unreliable,

        /// <summary>It writes whatever version is there: a fault that the histories have to find.</summary>
        TakesEveryWrite,
    }

    public bool IsShared => true;

    [SuppressMessage("Design", "CA1065", Justification = "Nothing of a call asks for what was.")]
    public IArchive Archive => throw new NotSupportedException();

    public override void Post(SendOrPostCallback d, object? state) => _ready.Add(() => d(state));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the actors to their ends.</summary>
    public void Run(IReadOnlyList<Func<Task>> actors)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var all = Task.WhenAll(actors.Select(static actor => actor()));
            while (!all.IsCompleted)
            {
                if (_ready.TryTake(out var next))
                    next();
                else if (_waiting.Count > 0)
                    LetGo();
                else if (_ready.TryTake(out next, Soon.AtMost))
                    next();
                else
                    throw new TimeoutException("Nothing goes on, and nothing waits for the store.");
            }

            if (all.Exception is { } broken)
                throw broken;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>A place where another actor may come first.</summary>
    public Task TurnAsync()
    {
        var turn = new TaskCompletionSource();
        _waiting.Add(turn);
        return turn.Task;
    }

    /// <summary>The documents, after a history.</summary>
    public ControlSnapshot Now() => new(_revision, [.. _documents.Values]);

    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await TurnAsync();
        return Now();
    }

    public async ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        await TurnAsync();
        var version = _documents.TryGetValue(key, out var document) ? document.Version : 0;
        var isLost = random.Next(40) == 0;
        if (isLost && random.Next(2) == 0)
            throw new ControlStoreException("It did not get there.");
        if (version != expectedVersion && fault != Fault.TakesEveryWrite)
            return ControlWrite.Conflict(version);
        _revision++;
        if (content is null) _documents.Remove(key);
        else _documents[key] = new ControlDocument(key, _revision, content);
        return isLost ? throw new ControlStoreException("Its answer was lost.") : ControlWrite.Written(_revision);
    }

    public async ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken)
    {
        await TurnAsync();
        return _revision;
    }

    private void LetGo()
    {
        var index = random.Next(_waiting.Count);
        var turn = _waiting[index];
        _waiting.RemoveAt(index);
        turn.SetResult();
    }
}
