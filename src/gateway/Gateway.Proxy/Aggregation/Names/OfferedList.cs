using Gateway.Proxy.Aggregation.Inner;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>One asking of a server for a list.</summary>
internal sealed class OfferedList(Func<Task<ServerAnswer>> ask)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    // Awaited inside, so that an exception of `ask` itself becomes a failed task as well.
    private readonly Lazy<Task<ServerAnswer>> _answer = new(async () => await ask());

    /// <summary>What it answered; it is asked with the first look.</summary>
    public Task<ServerAnswer> Answer => _answer.Value;

    /// <summary>Whether it is asked again: at once where it gave no list, a moment later where it did.</summary>
#pragma warning disable RS0030 // It is completed.
    public bool IsOver => Answer.IsCompleted && (!Answer.IsCompletedSuccessfully || Answer.Result.Why is not null
#pragma warning restore RS0030
        || TimeProvider.System.GetElapsedTime(_began) >= AskAgain);
}
